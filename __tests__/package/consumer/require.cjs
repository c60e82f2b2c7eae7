const assert = require('node:assert/strict');
const tributary = require('tributary');

assert.equal(typeof tributary.connect, 'function');
assert.equal(typeof tributary.Server, 'function');
assert.equal(typeof tributary.loadService, 'function');
assert.equal(typeof tributary.EOF, 'symbol');
assert.ok(tributary.RpcError.is(new tributary.RpcError(5, 'not here')));

// Both ways in lead to one module: a brand or a symbol is the same from either.
import('tributary').then(({ EOF }) => assert.equal(EOF, tributary.EOF));
