import { isMessage, type MessageSpec, type ServiceSpec, type TypeSpec } from './declarations.js';
import { typesIn } from './reach.js';
import { lastOf, parentOf } from './type-name.js';
import type { TypePackages } from './type-packages.js';

/** What one `.proto` file is printed from. */
export interface CodeFile {
  /** Such as `app/v1/questions.proto`. */
  readonly path: string;
  readonly package: string;
  /** Paths of the files that it needs, sorted. */
  readonly imports: readonly string[];
  readonly services: readonly ServiceSpec[];
  readonly types: readonly TypeSpec[];
}

/**
 * One file for each package, named after the first service in it, or the first at all.
 *
 * @throws {TypeError} for packages that need one another, which `.proto` files cannot
 */
export function codeFiles(services: readonly ServiceSpec[], types: TypePackages): CodeFile[] {
  const packages = [
    ...services.map(({ name }) => parentOf(name)),
    ...types.types.map((type) => types.packageOf(type)),
  ];
  const pathOf = (name: string): string => pathOfPackage(name, services);
  const files = [...new Set(packages)].map((name): CodeFile => {
    const own = types.types.filter((type) => types.packageOf(type) === name);
    const inside = services.filter((service) => parentOf(service.name) === name);
    const imports = new Set<string>();
    for (const type of usedBy(inside, own.filter(isMessage))) {
      if (isMessage(type) && type.file !== undefined) imports.add(type.file);
      else if (types.packageOf(type) !== name) imports.add(pathOf(types.packageOf(type)));
    }
    return {
      path: pathOf(name),
      package: name,
      imports: [...imports].sort(),
      services: inside,
      types: own,
    };
  });
  refuseCycles(files);
  return files;
}

function usedBy(services: readonly ServiceSpec[], messages: readonly MessageSpec[]): TypeSpec[] {
  const methods = services.flatMap((service) => service.methods);
  return [
    ...messages.flatMap(typesIn),
    ...methods.flatMap(({ request, response }) => [request, response]),
  ];
}

function pathOfPackage(name: string, services: readonly ServiceSpec[]): string {
  const namesake = services.find((each) => parentOf(each.name) === name) ?? services[0];
  const last = namesake === undefined ? 'Messages' : lastOf(namesake.name);
  const words = last.replace(/(?<!^|_)[A-Z]/g, '_$&');
  const file = `${words.toLowerCase()}.proto`;
  return name === '' ? file : `${name.replaceAll('.', '/')}/${file}`;
}

function refuseCycles(files: readonly CodeFile[]): void {
  const done = new Set<CodeFile>();
  const visit = (file: CodeFile, path: readonly CodeFile[]): void => {
    if (path.includes(file)) {
      const names = [...path.slice(path.indexOf(file)), file].map((each) => each.package);
      throw new TypeError(`the packages ${names.join(' → ')} need one another; make them one`);
    }
    if (done.has(file)) return;
    for (const needed of files.filter(({ path }) => file.imports.includes(path))) {
      visit(needed, [...path, file]);
    }
    done.add(file);
  };
  for (const file of files) visit(file, []);
}
