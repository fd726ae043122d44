/** `txtrial`: what a test module imports. */
export {};
