/**
 * Next's bundles and the server's own are two copies of one module in one process:
 * what must exist once hangs on globalThis, made on first use.
 */
export function singleton<T>(name: string, make: () => T): T {
  const holder = globalThis as unknown as Record<symbol, T | undefined>;
  const key = Symbol.for(`fleet-advisor-hub.${name}`);
  return (holder[key] ??= make());
}
