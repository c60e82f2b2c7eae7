import { type Client, Status } from 'tributary';
import { run as runByHand } from '../by-hand/client.js';
import { run as runCatalog } from '../catalog/client.js';
import { run as runGreeter } from '../greeter/client.js';
import { run as runHeaders } from '../headers/client.js';
import { run as runInterceptors } from '../interceptors/client.js';
import { run as runQuestions } from '../questions/client.js';
import { run as runRouteGuide } from '../route-guide/client.js';
import type { Say } from '../say.js';
import { run as runUsers } from '../users/client.js';

/** What should be so after a sample, and whether it is. */
export interface Checks {
  [what: string]: boolean;
}

export interface Sample {
  readonly about: string;
  /** Runs the sample's client and looks at what it has seen. */
  run(client: Client, say: Say): Promise<Checks>;
  /** What the server process has to print meanwhile. */
  readonly serverSays?: RegExp;
}

export const samples: { readonly [name: string]: Sample } = {
  greeter: {
    about: 'The four kinds of call. The server rests for a second between the last two replies.',
    async run(client, say) {
      const { unary, serverStream, clientStream, biStream } = await runGreeter(client, say);
      return {
        'all four kinds were answered': [unary, ...serverStream, clientStream].every((message) =>
          /j(ock|ane)/.test(message),
        ),
        'read(500) gave null, no message was lost, and EOF came last':
          biStream.nulls > 0 && biStream.messages.length === 2,
      };
    },
  },
  'route-guide': {
    about: 'Places of the world, and the routes between them in metres along the great circle.',
    async run(client, say) {
      const { feature, found, summary, received } = await runRouteGuide(client, say);
      return {
        'the place at the point is the Matterhorn': feature.name === 'Matterhorn',
        'five places lie between the corners': found.length === 5,
        'the route is 634 km long': Math.round(summary.distance / 1_000) === 634,
        'the notes left earlier came back': received.length === 2,
      };
    },
  },
  users: {
    about: 'What goes wrong in life: bad rows, missing users, lost interest, lack of time.',
    serverSays: /ListUsers: the call was cancelled; stopped/,
    async run(client, say) {
      const { bulk, notFound, cancelled, expired, heard } = await runUsers(client, say);
      return {
        'every one of the 10,000 rows was created or refused':
          bulk.created + bulk.errors.length === 10_000 && bulk.errors.length === 100,
        'the missing user is NOT_FOUND, and the details say which':
          notFound?.code === Status.NOT_FOUND && notFound.details.includes('1000000'),
        'the stream was cancelled after three users': cancelled.code === Status.CANCELLED,
        'the deadline expired': expired?.code === Status.DEADLINE_EXCEEDED && expired.count > 0,
        'both people heard all that the other said':
          heard.annHeard.length === 3 && heard.bobHeard.length === 3,
      };
    },
  },
  headers: {
    about: 'Metadata before, with and after the messages.',
    async run(client, say) {
      const { uploadId, intact, refusal } = await runHeaders(client, say);
      return {
        'the response header came': uploadId !== undefined,
        'the trailer has the right checksum': intact,
        'the call without its header was refused': refusal?.code === Status.INVALID_ARGUMENT,
      };
    },
  },
  'by-hand': {
    about: 'JSON and raw bytes as messages, without any .proto.',
    async run(client, say) {
      const { count, words, intact } = await runByHand(client, say);
      return {
        'JSON came back': count.words === 11 && words.length === 11,
        'the bytes came back, gzipped': intact,
      };
    },
  },
  interceptors: {
    about: 'What stands around calls: who may call, how long it takes, what is well-formed.',
    serverSays: /ask took [\d.]+ ms/,
    async run(client, say) {
      const { refusal, answers, duration, violation } = await runInterceptors(client, say);
      return {
        'the stream without a token was refused': refusal.code === Status.UNAUTHENTICATED,
        'the stream with a token was answered by name, and timed':
          answers.every((answer) => answer.startsWith('Ada')) && duration !== undefined,
        'the bad question was refused, and its field named': violation?.field === 'question',
      };
    },
  },
  questions: {
    about: 'Declared in code: its types are inferred, its .proto is printed.',
    async run(client, say) {
      const { answers, ended } = await runQuestions(client, say);
      return {
        'each question had its answer, in order': answers.every(
          ({ number }, i) => number === i + 1,
        ),
        'two were answered, one was not clear':
          answers.filter(({ answerText }) => answerText !== undefined).length === 2 &&
          answers.filter(({ unclear }) => unclear !== undefined).length === 1,
        'EOF came last': ended,
      };
    },
  },
  catalog: {
    about: 'A service made of one message, over 10,000 rows of an SQLite database.',
    serverSays: /StreamProducts: \d+ of 10000 rows/,
    async run(client, say) {
      const { pages, exists, updated, missing, streamed } = await runCatalog(client, say);
      const prices = pages.flat().map(({ price }) => price);
      return {
        'the pages are in one order, and nothing is there twice':
          pages.length > 1 && prices.every((price, i) => i === 0 || price <= prices[i - 1]!),
        'the id was taken': exists?.code === Status.ALREADY_EXISTS,
        'the mask changed the price and unset the weight':
          updated.name === 'Blue cup' && updated.price === 750 && updated.weight === undefined,
        'what was deleted is gone': missing?.code === Status.NOT_FOUND,
        'the stream was left after five rows': streamed === 5,
      };
    },
  },
};
