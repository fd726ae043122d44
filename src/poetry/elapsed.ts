/** `0:00:10.134220`: hours, minutes, seconds and microseconds. */
export function formatElapsed(seconds: number): string {
  const micros = Math.round(seconds * 1e6);
  const whole = Math.floor(micros / 1e6);
  const [minutes, rest] = [Math.floor(whole / 60) % 60, whole % 60].map((n) => String(n).padStart(2, '0'));
  return `${Math.floor(whole / 3600)}:${minutes}:${rest}.${String(micros % 1e6).padStart(6, '0')}`;
}
