import { type DescMessage, fromJsonString, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { fileDescriptors } from '../../../lib/schema/descriptors/file-descriptors.js';
import { fromJsonText, toJson } from '../../../lib/schema/index.js';
import { link, readDescriptors } from '../descriptors/linked.js';
import { ACCEPTED } from './accepted.js';
import { all } from './all-types.js';
import { REFUSED } from './refused.js';

// What protobuf's conformance suite asks of JSON, with the same asked of another library.
const codec = all.message('all.All');
const files = [...fileDescriptors([all]).values()].map(({ bytes }) => bytes);
const registry = link(readDescriptors(files));
const desc = registry.getMessage('all.All') as DescMessage;
const peer = (json: string) => toBinary(desc, fromJsonString(desc, json, { registry }));

// Rest parameters: a third one that a row does not have would be jest's `done`.
describe('the conformance suite', () => {
  it.each(ACCEPTED)('takes %s', (...[json, written, others]) => {
    const message = fromJsonText(codec, json);
    expect(toJson(codec, message)).toEqual(JSON.parse(written));
    expect(fromJsonText(codec, written)).toEqual(message);
    if (others === 'others refuse it') expect(() => peer(json)).toThrow();
    else expect(codec.decode(peer(json))).toEqual(message);
  });

  it.each(REFUSED)('refuses %s', (...[json, reason, others]) => {
    expect(() => fromJsonText(codec, json)).toThrow(reason);
    if (others === 'others take it') peer(json);
    else expect(() => peer(json)).toThrow();
  });
});
