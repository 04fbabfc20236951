export function findProgram(...names: string[]): string | null;
export function isExecutable(file: string): boolean;
export function installFromDebian(what: string, ...packages: string[]): void;
export function findInterpreters(): void;
