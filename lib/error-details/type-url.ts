const HOST = 'type.googleapis.com/';

/** The type URL of a message by its full name; a type URL stays as it is. */
export function typeUrlOf(name: string): string {
  return name.includes('/') ? name : HOST + name;
}

/** The full name in a type URL, whatever its host; a full name stays as it is. */
export function nameIn(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
}
