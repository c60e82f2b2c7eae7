import tributary = require('tributary');

const error: Error = new tributary.RpcError(5, 'not here');
const end: symbol = tributary.EOF;
export = [error, end, tributary.connect, tributary.loadService, new tributary.Server()];
