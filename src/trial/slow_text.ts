/** A notice for a person. */
export function slowText(id: string, seconds: number): string {
  return `${id} has been running for ${Number(seconds.toFixed(2))} s.`;
}
