import { bufCurl } from './buf-curl.js';
import { officialCases } from './official-cases.js';
import { tributaryServer } from './tributary-server.js';

officialCases(bufCurl, tributaryServer('grpc'));
officialCases(bufCurl, tributaryServer('http2'));
