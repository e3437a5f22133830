export function withFuture<T>(catalogue: T): T;
