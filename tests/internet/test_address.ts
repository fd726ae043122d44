import { TestCase } from 'txtrial';
import { IPv4Address, IPv6Address, UNIXAddress } from 'txtrial/internet';

export class AddressTests extends TestCase {
  test_shows_itself_as_one_writes_it() {
    this.assertEqual(String(new IPv4Address('TCP', '127.0.0.1', 10000)), '127.0.0.1:10000');
    this.assertEqual(String(new IPv6Address('UDP', '::1', 10000)), '[::1]:10000');
    this.assertEqual(String(new UNIXAddress('/run/poetry.sock')), 'unix:/run/poetry.sock');
  }

  test_is_compared_by_what_it_holds() {
    this.assertEqual(new IPv4Address('TCP', '127.0.0.1', 1), new IPv4Address('TCP', '127.0.0.1', 1));
    this.assertNotEqual(new IPv4Address('TCP', '127.0.0.1', 1), new IPv4Address('UDP', '127.0.0.1', 1));
  }
}
