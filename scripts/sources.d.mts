export function sourcesHash(root?: string): string;
export function buildIdOf(hash: string): string;
export function actionsKeyOf(hash: string): string;
