/** Runs once before any test worker starts. */
export default async function setup(): Promise<void> {}
