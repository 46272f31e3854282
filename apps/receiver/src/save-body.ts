import { createHash, randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import mime from "mime";

/** The part of a message that its file is made of. */
export interface SavableMessage {
  readonly id: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Longest file name that common file systems take, less room for an extension. */
const MAX_NAME_LENGTH = 200;

/**
 * Saves a message's body in `folder` and resolves with the file's path once it is on disk. The file appears complete or
 * not at all. A message that comes again replaces its own file, which makes redelivery harmless.
 *
 * @throws Error of the file system; no part of the file is left then
 */
export async function saveBody(folder: string, message: SavableMessage): Promise<string> {
  const path = join(folder, fileName(message));
  const unfinished = join(folder, `.${randomUUID()}.unfinished`);
  try {
    const file = await open(unfinished, "wx");
    try {
      await file.writeFile(message.body);
      // The acknowledgement that follows deletes the message everywhere else.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return path;
}

/**
 * `<id>.<extension of the content type>`. Ids made by Chappe stand as they are. One chosen by a sender may hold anything,
 * even `../`: every character but letters, digits, `.`, `_` and `-` is percent-encoded, and so is a leading dot.
 */
export function fileName(message: Pick<SavableMessage, "id" | "contentType">): string {
  const encoded = encodeURIComponent(message.id)
    .replaceAll(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\./, "%2E");
  const name = encoded.length <= MAX_NAME_LENGTH ? encoded : shortened(message.id, encoded);
  return `${name}.${mime.getExtension(message.contentType) || "bin"}`;
}

/** The digest keeps ids apart that begin alike. */
function shortened(id: string, encoded: string): string {
  const digest = createHash("sha256").update(id).digest("hex");
  return `${encoded.slice(0, MAX_NAME_LENGTH - digest.length - 1)}-${digest}`;
}
