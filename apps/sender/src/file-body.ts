import { isUtf8 } from "node:buffer";
import { readFile, stat } from "node:fs/promises";
import { ChappeError, MAX_MESSAGE_BYTES } from "@chappe/message";
import { fileTypeFromBuffer } from "file-type";
import mime from "mime";

/** A file, ready to be sent. */
export interface FileBody {
  readonly body: Uint8Array;
  readonly contentType: string;
}

/**
 * A file's bytes and their content type.
 *
 * @throws ChappeError NOT_FOUND when the file cannot be read, INVALID_ARGUMENT when it is larger than a message may be
 */
export async function readFileBody(path: string): Promise<FileBody> {
  const body = await readWhole(path);
  return { body, contentType: await contentTypeOf(path, body) };
}

/**
 * The content type that a file's name stands for; for a name that stands for none, what its bytes look like. The name
 * goes first because it knows what bytes cannot tell: CSV from text, SVG from XML.
 */
export async function contentTypeOf(path: string, body: Uint8Array): Promise<string> {
  const named = mime.getType(path);
  if (named !== null) return named;
  const recognised = await fileTypeFromBuffer(body);
  if (recognised !== undefined) return recognised.mime;
  return isUtf8(body) ? "text/plain; charset=utf-8" : "application/octet-stream";
}

async function readWhole(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    // Asked before reading, so that a film does not first fill the memory.
    if (size > MAX_MESSAGE_BYTES) {
      throw new ChappeError("INVALID_ARGUMENT", `${path} has ${size} bytes; a message may have ${MAX_MESSAGE_BYTES}`);
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof ChappeError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ChappeError("NOT_FOUND", `cannot read ${path}: ${reason}`, { cause: error });
  }
}
