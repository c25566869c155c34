import { testAnswers } from "../answers.ts";

testAnswers(new URL("./fixtures/", import.meta.url));
