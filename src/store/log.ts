/** What is said to the operator: a static sentence, data beside it. Pino's loggers are such. */
export interface Log {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}
