/** Whether Node needs it compiled. */
export function isCompiledExtension(file: string): boolean {
  return /\.(?:[mc]?ts|[jt]sx)$/.test(file);
}

/** Whether it holds JavaScript or TypeScript, so that it may import others. */
export function isModuleExtension(file: string): boolean {
  return isCompiledExtension(file) || /\.[mc]?js$/.test(file);
}
