import assert from 'node:assert/strict';
import { connect, EOF, loadService, RpcError, Server } from 'tributary';

assert.equal(typeof connect, 'function');
assert.equal(typeof Server, 'function');
assert.equal(typeof loadService, 'function');
assert.equal(typeof EOF, 'symbol');
assert.ok(RpcError.is(new RpcError(5, 'not here')));
