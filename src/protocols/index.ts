/// <reference types="node" preserve="true" />
/** `txtrial/protocols`: streams cut into pieces. Every line re-exports one file; keep them sorted. */
export {
  Int8StringReceiver,
  Int16StringReceiver,
  Int32StringReceiver,
  IntNStringReceiver,
  StringTooLongError,
} from './int_string_receiver.js';
export { LineOnlyReceiver } from './line_only_receiver.js';
export { LineReceiver } from './line_receiver.js';
export { NetstringReceiver } from './netstring_receiver.js';
export { type ResettableCall, TimeoutMixin, type Timeouts, type WithTimeouts } from './timeout_mixin.js';
export { ProtocolWrapper, type WrapperClass, WrappingFactory } from './wrapper.js';
