/** In which order the tests of a run come. */
export type TestOrder = 'alphabetical' | 'toptobottom';
