import { TestCase } from 'txtrial';
import { formatAddress, parseAddress } from '../../src/poetry/address.js';
import { Mistake } from '../../src/poetry/mistake.js';

export class AddressTests extends TestCase {
  test_reads_ports_and_hosts() {
    this.assertEqual(parseAddress('10000'), { host: '127.0.0.1', port: 10000 });
    this.assertEqual(parseAddress('poems.example:1'), { host: 'poems.example', port: 1 });
    this.assertEqual(parseAddress('[::1]:65535'), { host: '::1', port: 65535 });
  }

  test_shows_what_it_reads() {
    for (const address of ['127.0.0.1:10000', 'poems.example:1', '[::1]:65535']) {
      const { host, port } = parseAddress(address);
      this.assertEqual(formatAddress(host, port), address);
    }
  }

  test_refuses_what_is_no_address() {
    for (const text of ['', ':1', 'host', 'host:', 'host:http', '::1', '[::1]', '[]:1', '0', '65536', '-1', '1:2:3']) {
      this.assertRaises(Mistake, () => parseAddress(text));
    }
  }
}
