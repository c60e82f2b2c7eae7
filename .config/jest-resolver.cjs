/**
 * Finds `./read-stream.ts` for `import './read-stream.js'`, as TypeScript does, in our own files only:
 * packages in node_modules may ship sources beside what they built.
 */
module.exports = (request, options) =>
  options.defaultResolver(
    request,
    /[\\/]node_modules[\\/]/.test(options.basedir)
      ? options
      : { ...options, extensionAlias: { '.js': ['.ts', '.js'] } },
  );
