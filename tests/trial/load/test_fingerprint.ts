import fc from 'fast-check';
import { TestCase } from 'txtrial';
import { fingerprint } from '../../../src/trial/load/fingerprint.js';

export class FingerprintTests extends TestCase {
  test_form() {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.string(), (data, seed) => {
        this.assertRegex(fingerprint(data, seed), /^[0-9a-f]{32}$/);
        this.assertEqual(fingerprint(data, seed), fingerprint(data.slice(), seed));
      }),
    );
  }

  test_text_and_its_bytes() {
    this.assertEqual(fingerprint('é☃'), fingerprint(Buffer.from('é☃')));
  }

  test_any_changed_bit_changes_half_of_it() {
    const data = Buffer.from('import { TestCase } from "txtrial"; // and some more');
    const before = bits(fingerprint(data));
    let changed = 0;
    for (let bit = 0; bit < data.length * 8; bit++) {
      const other = Buffer.from(data);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const after = bits(fingerprint(other));
      const distance = [...after].filter((digit, i) => digit !== before[i]).length;
      this.assertTrue(distance > 30 && distance < 98, `bit ${bit} changes ${distance} of 128`);
      changed += distance;
    }

    this.assertApproximates(changed / (data.length * 8), 64, 3);
  }

  test_no_two_alike() {
    const seen = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      seen.add(fingerprint(String(i)));
      seen.add(fingerprint('', String(i)));
      seen.add(fingerprint(Buffer.alloc(i % 500, 0), `x${Math.floor(i / 500)}`));
    }

    this.assertEqual(seen.size, 60_000);
  }
}

function bits(hex: string): string {
  return BigInt(`0x1${hex}`).toString(2);
}
