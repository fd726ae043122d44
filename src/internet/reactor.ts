/** The reactor: delayed calls, ports and connections over Node's event loop. Here the parts are joined. */
import { msg } from '../log/publisher.js';
import type { Address, UNIXAddress } from './address.js';
import { type Destination, tcpDestination } from './connect_attempt.js';
import { Deferred } from './deferred.js';
import type { DelayedCall } from './delayed_call.js';
import { ConnectionLost, ReactorAlreadyRunning, ReactorNotRestartable, ReactorNotRunning } from './errors.js';
import { Failure } from './failure.js';
import type {
  ClientProtocolFactory,
  ConnectOptions,
  ConnectUNIXOptions,
  DatagramReceiver,
  ListenOptions,
  ListenUDPOptions,
  ListenUNIXOptions,
  ProtocolFactory,
  ReactorTCP,
  ReactorUNIX,
  Selectable,
} from './interfaces.js';
import { clearTicker, secondsNow, setTicker, soon } from './node_timers.js';
import { captureOrigin, type Origin } from './origin.js';
import type { ReactorTime } from './reactor_time.js';
import { type Reader, ReaderWatch, Watches, type Writer, WriterWatch } from './readers.js';
import { Selectables } from './selectables.js';
import { Connector } from './stream_client.js';
import { Port, type PortBinding, tcpBinding } from './stream_port.js';
import { type Phase, SystemEvents, type SystemEventTrigger } from './system_events.js';
import { TimerQueue } from './timer_queue.js';
import { UDPPort } from './udp_port.js';
import { unixBinding, unixDestination } from './unix_sockets.js';

/** How the reactor runs. */
export interface RunOptions {
  /** Whether SIGINT and SIGTERM stop the reactor; true by default. */
  readonly installSignalHandlers?: boolean;
}

/** @internal Who runs a reactor instead of `run()`. */
export interface ReactorRunner {
  /** `reactor.stop()` was called. */
  stopRequested(): void;
}

type State =
  | { readonly kind: 'new' }
  | { readonly kind: 'running'; readonly by: 'run'; stopping: boolean; readonly finished: () => void }
  | { readonly kind: 'running'; readonly by: ReactorRunner; stopping: boolean; readonly finished: () => void }
  | { readonly kind: 'stopped' };

// Twice a month a timer that does nothing: it is what keeps a reactor alive that has nothing else to wait for.
const KEEP_ALIVE_MS = 2 ** 31 - 1;

/**
 * A reactor over Node's event loop.
 *
 * @see Twisted, IReactorCore, IReactorTime, IReactorTCP, IReactorUNIX
 */
export class NodeReactor implements ReactorTime, ReactorTCP, ReactorUNIX {
  /** @internal All that is open. */
  readonly selectables = new Selectables();
  readonly #timers = new TimerQueue();
  readonly #events = new SystemEvents();
  readonly #readers = new Watches<Reader>(this, (reader, parts) => new ReaderWatch(reader, parts));
  readonly #writers = new Watches<Writer>(this, (writer, parts) => new WriterWatch(writer, parts));
  #state: State = { kind: 'new' };
  #running = false;
  // Where a call was scheduled or a connection asked for is of use to a runner of tests, and costs several microseconds.
  #keepsOrigins = false;

  /** Whether the reactor runs: from its start until the shutdown is under way. */
  get running(): boolean {
    return this.#running;
  }

  // Time

  /** Seconds since 1970-01-01T00:00:00Z; never goes back. */
  seconds(): number {
    return secondsNow();
  }

  /**
   * Calls `f(...args)` once, no sooner than `seconds` from now and never before the caller returns.
   *
   * Calls of the same time are made in the order in which they were scheduled, and in the async context they were
   * scheduled in. Nothing is called before `run()`.
   *
   * @param seconds - Finite and >= 0; fractions count (0.25 is 250 ms).
   * @param f - What it throws is logged and is an error of the running test; the reactor goes on.
   * @param args - Handed to `f` as they are.
   * @returns The pending call; its `cancel()` throws AlreadyCalled or AlreadyCancelled when it is too late.
   * @throws RangeError if `seconds` is negative or not finite.
   * @example
   * const call = reactor.callLater(5, () => d.cancel());
   * @see Twisted, IReactorTime.callLater
   */
  callLater<A extends readonly unknown[]>(seconds: number, f: (...args: A) => void, ...args: A): DelayedCall {
    return this.#timers.callLater(seconds, f, args, this.#originOf(this.callLater));
  }

  /** @internal */
  callLaterFrom(origin: Origin | undefined, seconds: number, f: () => void): DelayedCall {
    return this.#timers.callLater(seconds, f, [], origin);
  }

  /** The calls that are still to come, in the order in which they are due. */
  getDelayedCalls(): DelayedCall[] {
    return this.#timers.pending();
  }

  // Start and stop

  /**
   * Runs the reactor until it is stopped. It keeps the process alive though it has nothing to do.
   *
   * @returns A Promise that is fulfilled when the reactor has stopped, the triggers of the shutdown have been called and
   * all connections are closed. Rejected with ReactorAlreadyRunning, under `trial` too, or with ReactorNotRestartable
   * when it has run before.
   * @see Twisted, IReactorCore.run: there it returns when the reactor has stopped.
   */
  run(options: RunOptions = {}): Promise<void> {
    const { installSignalHandlers = true } = options;
    const { kind } = this.#state;
    if (kind === 'running') {
      return Promise.reject(new ReactorAlreadyRunning('The reactor is running already: call run() once.'));
    }
    if (kind === 'stopped') {
      return Promise.reject(new ReactorNotRestartable('The reactor has run and can not be run a second time.'));
    }
    return new Promise((resolve) => {
      const keepAlive = setTicker(() => {}, KEEP_ALIVE_MS);
      const removeHandlers = installSignalHandlers ? this.#installSignalHandlers() : undefined;
      const finished = (): void => {
        clearTicker(keepAlive);
        removeHandlers?.();
        this.#state = { kind: 'stopped' };
        resolve();
      };
      this.#start({ kind: 'running', by: 'run', stopping: false, finished });
    });
  }

  /**
   * Stops the reactor: in a later turn the triggers of the shutdown are called and connections are lost.
   *
   * @throws ReactorNotRunning when it does not run, or was stopped before.
   */
  stop(): void {
    const state = this.#state;
    if (state.kind !== 'running' || state.stopping) {
      throw new ReactorNotRunning('Cannot stop a reactor that is not running.');
    }
    if (state.by !== 'run') {
      state.by.stopRequested();
      return;
    }
    state.stopping = true;
    soon(() => this.fireSystemEvent('shutdown'));
  }

  /**
   * Calls `f(...args)` when the reactor starts; at once when it runs already.
   *
   * @returns What removes the call again, by `removeSystemEventTrigger`; undefined when it was made.
   */
  callWhenRunning<A extends readonly unknown[]>(f: (...args: A) => void, ...args: A): SystemEventTrigger | undefined {
    if (this.#state.kind !== 'running') return this.addSystemEventTrigger('after', 'startup', f, ...args);
    f(...args);
    return undefined;
  }

  /** @internal */
  whenRunning(f: () => void): void {
    if (this.#running) f();
    else this.#events.add('during', 'startup', f, []);
  }

  /**
   * Has `f(...args)` called at an event of the reactor.
   *
   * @param phase - The triggers `before` are called first; when Deferreds and Promises that these return have fired, those
   * `during` and then those `after`.
   * @param eventType - `startup`, `shutdown`, or a name of your own for `fireSystemEvent`.
   * @param f - What it throws is logged, and the event goes on.
   * @returns What `removeSystemEventTrigger` takes.
   * @see Twisted, IReactorCore.addSystemEventTrigger
   */
  addSystemEventTrigger<A extends readonly unknown[]>(
    phase: Phase,
    eventType: string,
    f: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger {
    return this.#events.add(phase, eventType, f, args);
  }

  /**
   * Takes a trigger back.
   *
   * @throws Error when it has fired, or was removed before.
   */
  removeSystemEventTrigger(trigger: SystemEventTrigger): void {
    this.#events.remove(trigger);
  }

  /**
   * Calls the triggers of an event. The reactor fires `startup` and `shutdown` itself.
   *
   * @param eventType - The event's name.
   */
  fireSystemEvent(eventType: string): void {
    this.#events.fire(
      eventType,
      () => this.#during(eventType),
      () => this.#after(eventType),
    );
  }

  /** @internal Starts the reactor without `run()`: a runner of tests has Node's event loop run already. */
  startUnder(runner: ReactorRunner): void {
    if (this.#state.kind === 'running') throw new ReactorAlreadyRunning('The reactor is running already.');
    this.#keepsOrigins = true;
    this.#start({ kind: 'running', by: runner, stopping: false, finished: () => {} });
  }

  /** @internal Ends what `startUnder` began. @returns A Deferred that fires when the shutdown is over. */
  endUnder(): Deferred<void> | undefined {
    const state = this.#state;
    if (state.kind !== 'running' || state.by === 'run' || state.stopping) return undefined;
    let over = false;
    let waiting: Deferred<void> | undefined;
    const finished = (): void => {
      over = true;
      this.#state = { kind: 'new' };
      this.#keepsOrigins = false;
      waiting?.callback();
    };
    this.#state = { kind: 'running', by: state.by, stopping: true, finished };
    this.fireSystemEvent('shutdown');
    if (!over) waiting = new Deferred();
    return waiting;
  }

  // Streams

  /**
   * Listens on a TCP port.
   *
   * @param port - 0 to 65535; 0 for a free one of the system's choice, which `getHost().port` tells at once.
   * @param factory - Builds a protocol for each connection.
   * @returns The port, which is bound. Its `stopListening()` closes it.
   * @throws CannotListenError when the port is in use, or is none.
   * @example
   * const port = reactor.listenTCP(0, Factory.forProtocol(Echo), { interface: '127.0.0.1' });
   * console.log(port.getHost().port);
   * @see Twisted, IReactorTCP.listenTCP
   */
  listenTCP(port: number, factory: ProtocolFactory, options: ListenOptions = {}): Port {
    const { backlog = 50, interface: iface = '' } = options;
    return this.#listen(tcpBinding(port, iface, backlog), factory, this.#originOf(this.listenTCP));
  }

  /**
   * Connects to a TCP port.
   *
   * It never throws for a host or a port that can not be connected to: that the factory's `clientConnectionFailed` hears,
   * in a later turn.
   *
   * @param host - An IP number or a name; of a name's addresses the first IPv4 one is taken, or else the first one.
   * @param port - 1 to 65535; with another number the connection is refused.
   * @param factory - Hears how it goes, and builds the protocol.
   * @returns What drives the connection; it may be told to stop, or to connect again.
   * @see Twisted, IReactorTCP.connectTCP
   */
  connectTCP(host: string, port: number, factory: ClientProtocolFactory, options: ConnectOptions = {}): Connector {
    const { timeout = 30, bindAddress } = options;
    const destination = tcpDestination(host, port, bindAddress);
    return this.#connect(destination, factory, timeout, this.#originOf(this.connectTCP));
  }

  /**
   * Listens on a UNIX socket. Its file is made, and taken away when the port is closed.
   *
   * @param path - At most 107 bytes (103 on macOS); with a zero character first, a name in Linux' abstract namespace.
   * @param factory - Builds a protocol for each connection.
   * @throws CannotListenError when the path is in use, or can not be used.
   * @see Twisted, IReactorUNIX.listenUNIX
   */
  listenUNIX(path: string, factory: ProtocolFactory, options: ListenUNIXOptions = {}): Port<UNIXAddress> {
    const { backlog = 50, mode = 0o666 } = options;
    return this.#listen(unixBinding(path, mode, backlog), factory, this.#originOf(this.listenUNIX));
  }

  /**
   * Connects to a UNIX socket. What comes of it the factory hears, in a later turn.
   *
   * @param path - As of `listenUNIX`.
   * @param factory - Hears how it goes, and builds the protocol.
   * @see Twisted, IReactorUNIX.connectUNIX
   */
  connectUNIX(path: string, factory: ClientProtocolFactory, options: ConnectUNIXOptions = {}): Connector<UNIXAddress> {
    const { timeout = 30 } = options;
    return this.#connect(unixDestination(path), factory, timeout, this.#originOf(this.connectUNIX));
  }

  /**
   * Opens a port for datagrams.
   *
   * @param port - 0 to 65535; 0 for a free one of the system's choice, which `getHost().port` tells at once.
   * @param protocol - Hears of what comes in, and sends by `this.transport`.
   * @returns The port, which is bound.
   * @throws CannotListenError when the port is in use, or is none.
   * @see Twisted, IReactorUDP.listenUDP
   */
  listenUDP(port: number, protocol: DatagramReceiver, options: ListenUDPOptions = {}): UDPPort {
    const { interface: iface = '', maxPacketSize = 8192 } = options;
    const origin = this.#originOf(this.listenUDP);
    const udpPort = new UDPPort(this, { port, interface: iface, maxPacketSize }, protocol, origin);
    udpPort.startListening();
    return udpPort;
  }

  // What the user's code reads and writes itself

  /**
   * Has `reader.doRead()` called whenever something can be read, and at the end.
   *
   * @param reader - Its `fileno()` says what is read: a stream, or the number of a pipe, a terminal or a socket.
   * @throws TypeError for another kind of file.
   * @see Twisted, IReactorFDSet.addReader
   */
  addReader(reader: Reader): void {
    this.#readers.add(reader, this.#originOf(this.addReader));
  }

  /** Takes a reader back. Its stream stays open. */
  removeReader(reader: Reader): void {
    this.#readers.remove(reader);
  }

  /** The readers that were added. */
  getReaders(): Reader[] {
    return this.#readers.all();
  }

  /**
   * Has `writer.doWrite()` called whenever there is room to write.
   *
   * @param writer - Its `fileno()` says what is written: a stream, or the number of a pipe, a terminal or a socket.
   * @throws TypeError for another kind of file.
   * @see Twisted, IReactorFDSet.addWriter
   */
  addWriter(writer: Writer): void {
    this.#writers.add(writer, this.#originOf(this.addWriter));
  }

  /** Takes a writer back. Its stream stays open. */
  removeWriter(writer: Writer): void {
    this.#writers.remove(writer);
  }

  /** The writers that were added. */
  getWriters(): Writer[] {
    return this.#writers.all();
  }

  /**
   * Closes every port and every connection at once, without telling their protocols and factories.
   *
   * @returns Those that were open; `String()` of each says what it was, `origin` where it was made.
   * @see Twisted, IReactorFDSet.removeAll: there they are only forgotten.
   */
  removeAll(): Selectable[] {
    return this.selectables.removeAll();
  }

  #originOf(called: (...args: never[]) => unknown): Origin | undefined {
    return this.#keepsOrigins ? captureOrigin(called) : undefined;
  }

  #listen<A extends Address>(binding: PortBinding<A>, factory: ProtocolFactory, origin: Origin | undefined): Port<A> {
    const port = new Port(this, binding, factory, origin);
    port.startListening();
    return port;
  }

  #connect<A extends Address>(
    destination: Destination<A>,
    factory: ClientProtocolFactory,
    timeout: number | null,
    origin: Origin | undefined,
  ): Connector<A> {
    const connector = new Connector({ reactor: this, destination, factory, timeout, origin });
    connector.connect();
    return connector;
  }

  #start(state: State): void {
    this.#state = state;
    this.fireSystemEvent('startup');
  }

  /** What the reactor itself does at an event, before the triggers of the phase `during`. */
  #during(eventType: string): void {
    if (eventType === 'startup') {
      this.#running = true;
      this.#timers.open();
    } else if (eventType === 'shutdown') {
      this.#running = false;
      this.#timers.close();
      this.selectables.disconnectAll(
        new Failure(new ConnectionLost('The connection was lost: the reactor has stopped.')),
      );
    }
  }

  #after(eventType: string): void {
    if (eventType === 'shutdown' && this.#state.kind === 'running') this.#state.finished();
  }

  /** @returns What takes the handlers away again. */
  #installSignalHandlers(): () => void {
    const stopOn = (signal: NodeJS.Signals): void => {
      msg(`Received ${signal}, shutting down.`);
      if (this.#state.kind === 'running' && !this.#state.stopping) this.stop();
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const;
    for (const signal of signals) process.on(signal, stopOn);
    return () => {
      for (const signal of signals) process.off(signal, stopOn);
    };
  }
}

/** The reactor of this process. */
export const reactor = new NodeReactor();
