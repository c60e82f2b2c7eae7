import { codeFirstOf } from '../../lib/code-first/code-first.js';
import { type PrintedGroups, printGroups } from '../../lib/code-first/print-groups.js';

/** What `tributary proto` would print of a service for a directory. */
export function printedAnew(service: object, directory: string): PrintedGroups {
  const group = codeFirstOf(service)?.group();
  if (group === undefined) throw new Error('the service was not made by defineService()');
  return printGroups([group], directory);
}

/** The only file of a service that was never printed before. */
export function printed(service: object): string {
  const { files, problems, breaking } = printedAnew(service, 'no-such-directory');
  if (problems.length + breaking.length > 0) throw new Error([...problems, ...breaking].join('\n'));
  if (files.size !== 1) throw new Error(`there are ${files.size} files`);
  return [...files.values()][0] as string;
}
