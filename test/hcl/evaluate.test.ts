import { testAnswers } from "./answers.ts";

testAnswers(new URL("./fixtures/expressions/", import.meta.url));
