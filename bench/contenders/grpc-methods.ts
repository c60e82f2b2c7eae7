import type { MethodDefinition } from '@grpc/grpc-js';
import { codecs, type PlainCodec } from './plain-codecs.js';

/** The methods in the form in which grpc-js and nice-grpc take them. */
export const METHODS = {
  answer: method('Answer', false, false, codecs.note, codecs.note),
  produce: method('Produce', false, true, codecs.order, codecs.note),
  collect: method('Collect', true, false, codecs.note, codecs.tally),
  echo: method('Echo', true, true, codecs.note, codecs.note),
};

function method<Req, Res, Requests extends boolean, Responses extends boolean>(
  name: string,
  requestStream: Requests,
  responseStream: Responses,
  request: PlainCodec<Req>,
  response: PlainCodec<Res>,
): MethodDefinition<Req, Res> & { requestStream: Requests; responseStream: Responses } {
  return {
    path: `/bench.Bench/${name}`,
    requestStream,
    responseStream,
    requestSerialize: request.encode,
    requestDeserialize: request.decode,
    responseSerialize: response.encode,
    responseDeserialize: response.decode,
  };
}
