import { fileURLToPath } from "node:url";
import { loadPackageDefinition, type ServiceClientConstructor } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

/** The article's message; its JSON, with the same names, is what lies in Redis. */
export interface ArticleMessage {
  readonly sender: string;
  readonly receiver: string;
  readonly text: string;
}

/** The article's answer. */
export interface ArticleResponse {
  readonly ok: boolean;
}

/** The receiver that the article's receiver program keeps messages for. */
export const RECEIVER = "receiver-01";

/** The list in Redis. */
export const TOPIC = "messages";

const contract = fileURLToPath(new URL("../../../peers/article-go/article.proto", import.meta.url));

/** The client that grpc-js makes of the contract; its `service` is what a server implements. */
export function articleClient(): ServiceClientConstructor {
  const { article } = loadPackageDefinition(loadSync(contract, { keepCase: true, defaults: true }));
  return (article as unknown as { readonly MessageService: ServiceClientConstructor }).MessageService;
}
