import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";

/** A header or parameter of a request, for the document. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly description: string;
  readonly required?: true;
  readonly schema: z.ZodType;
}

/** A body, by its media type, for the document. Without a schema it is bytes. */
export type Content = Readonly<Record<string, z.ZodType | undefined>>;

/** What one answer looks like, for the document. */
interface DescribedResponse {
  readonly description: string;
  readonly content: Content;
}

/** One operation: how it is served, and all that the OpenAPI document says of it. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** As OpenAPI writes it: parameters in braces. */
  readonly path: string;
  /** Unique; what generated clients name their method. */
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly description: string; readonly required?: true; readonly content: Content };
  /** By status; those of errors aside. */
  readonly responses: Readonly<Record<number, DescribedResponse>>;
  /** What answers to errors look like. @default a plain problem */
  readonly problems?: Content;
  /** Statuses of errors that this route can answer with. */
  readonly errors: readonly number[];
  /** Most bytes of a request's body. @default what a message may have */
  readonly maxBodyBytes?: number;
  /** Whether it works on while the router drains. */
  readonly servedWhileDraining: boolean;
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => unknown;
}

/** The path as fastify writes it. */
export function routerPath({ path }: Route): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
