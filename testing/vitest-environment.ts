import { afterEach, beforeEach, expect, inject, vi, type MockInstance } from "vitest";

Object.assign(process.env, inject("environment"));

let errors: MockInstance<typeof console.error>;

beforeEach(() => {
  errors = vi.spyOn(console, "error");
});

// A test that expects one clears it: vi.mocked(console.error).mockClear().
afterEach(() => {
  const written = errors.mock.calls;
  errors.mockRestore();
  expect(written, "console.error was called").toEqual([]);
});
