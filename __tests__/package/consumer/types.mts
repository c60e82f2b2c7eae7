import { connect, EOF, loadService, RpcError, Server } from 'tributary';

export async function use(): Promise<string> {
  const service = await loadService('greeter.proto', 'samples.Greeter');
  const client = connect('127.0.0.1:50051');
  const server = new Server();
  const error: Error = new RpcError(5, 'not here');
  const end: symbol = EOF;
  return [service, client, server, error, end].map(String).join();
}
