/** Whether a run takes place under continuous integration, by the environment variable that says so. */
export function isCi({ CI }: Readonly<Record<string, string | undefined>>): boolean {
  return CI !== undefined && CI !== '' && CI !== '0' && CI !== 'false';
}
