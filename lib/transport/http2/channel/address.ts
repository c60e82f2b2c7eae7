/** Where one server listens: a TCP port, or a path of the file system. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** `127.0.0.1:50051`, `[::1]:50051`, `unix:/path`. */
export function addressText(address: Address): string {
  if ('path' in address) return `unix:${address.path}`;
  const { host, port } = address;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
