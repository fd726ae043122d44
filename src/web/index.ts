/// <reference types="node" preserve="true" />
/** `txtrial/web`: pages over HTTP as Deferreds. */
export { downloadPage } from './download_page.js';
export { getPage } from './get_page.js';
export { HTTPError } from './http_error.js';
export type { PageOptions } from './request.js';
