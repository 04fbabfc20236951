import { resolved, type OpenApiDocument, type Operation, type Parameter } from "@/lib/public-api/document/open-api";

/** The operation as a request to paste; the key comes from the environment. */
export function curlExample(document: OpenApiDocument, method: string, template: string, operation: Operation): string {
  const parameters = operation.parameters.map((parameter) => resolved<Parameter>(document, parameter));
  const address = `${document.servers[0]?.url ?? ""}${template.replace("{id}", "17")}`;
  const body = operation.requestBody?.content["application/json"]?.example;
  const lines = [
    method === "get" ? `curl ${address}` : `curl -X ${method.toUpperCase()} ${address}`,
    ...(operation.security.length > 0 ? ['-H "Authorization: Token $FLEET_API_KEY"'] : []),
    ...(parameters.some(({ name }) => name === "Account-Token") ? ['-H "Account-Token: 0123456789"'] : []),
    ...(body === undefined ? [] : ['-H "Content-Type: application/json"', `-d '${JSON.stringify(body)}'`]),
  ];
  return lines.join(" \\\n  ");
}
