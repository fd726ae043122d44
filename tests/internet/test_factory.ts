import { TestCase } from 'txtrial';
import { ClientFactory, Factory, IPv4Address, Protocol, ServerFactory } from 'txtrial/internet';

const address = new IPv4Address('TCP', '127.0.0.1', 1);

class Counting extends Factory {
  override noisy = false;
  readonly events: string[] = [];

  override startFactory(): void {
    this.events.push(`start ${this.numPorts}`);
  }

  override stopFactory(): void {
    this.events.push(`stop ${this.numPorts}`);
  }
}

export class FactoryTests extends TestCase {
  test_builds_its_protocol_and_tells_it_who_built_it() {
    class Poem extends Protocol {}
    class Poems extends ServerFactory {
      override protocol = Poem;
    }
    const factory = new Poems();

    const built = factory.buildProtocol(address);

    this.assertIsInstance(built, Poem);
    this.assertIdentical((built as Poem).factory, factory);
    this.assertNotIdentical(factory.buildProtocol(address), built);
  }

  test_a_function_may_make_the_protocol() {
    const protocol = new Protocol();

    const factory = Factory.forProtocol(() => protocol);

    this.assertIdentical(factory.buildProtocol(address), protocol);
  }

  test_forProtocol_makes_the_class_it_is_called_on_with_the_further_arguments() {
    class Named extends ClientFactory {
      constructor(readonly name: string) {
        super();
      }
    }

    const factory = Named.forProtocol(Protocol, 'a name');

    this.assertIsInstance(factory, Named);
    this.assertEqual(factory.name, 'a name');
    this.assertIdentical(factory.protocol, Protocol);
  }

  test_without_a_protocol_it_says_what_to_set() {
    const error = this.assertRaises(TypeError, () => new Counting().buildProtocol(address));

    this.assertSubstring('Counting has no protocol', error.message);
  }

  test_starts_with_its_first_port_and_stops_with_its_last() {
    const factory = new Counting();

    factory.doStart();
    factory.doStart();
    factory.doStop();
    this.assertEqual(factory.events, ['start 0']);
    factory.doStop();

    this.assertEqual(factory.events, ['start 0', 'stop 0']);
    factory.doStop();
    this.assertEqual(factory.numPorts, 0);
    factory.doStart();
    this.assertEqual(factory.events, ['start 0', 'stop 0', 'start 0']);
  }
}
