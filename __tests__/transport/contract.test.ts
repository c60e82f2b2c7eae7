import { grpc, http2, MemoryTransport } from 'tributary';
import { transportContract } from './contract.js';

transportContract('grpc', () => grpc());
transportContract('http2', () => http2());
transportContract('memory', () => new MemoryTransport());
