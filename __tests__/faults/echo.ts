import { bidiStream, clientStream, json, service } from 'tributary';

export interface Note {
  readonly n: number;
  readonly text?: string;
}

const note = json<Note>();

/** What the processes that are killed serve and call. */
export const Echo = service('faults.Echo', {
  echo: bidiStream(note, note),
  hold: clientStream(note, note),
});
