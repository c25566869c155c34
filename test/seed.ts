import { configureGlobal, readConfigureGlobal } from "fast-check";

/**
 * Properties are tried with the same inputs in each run, so that a failure is the change's own. `SEED=random` tries
 * others, `SEED=<number>` those of an earlier run.
 */
const SEED = process.env.SEED ?? "20260101";

if (SEED !== "random") configureGlobal({ ...readConfigureGlobal(), seed: Number(SEED) });
