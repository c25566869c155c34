import { type DocumentFormat, DocumentText } from "../../hcl/editing/document-text.ts";
import type { FunctionDefinition, FunctionTable } from "../../hcl/functions/function.ts";
import type { Expression, Template } from "../../hcl/syntax/syntax.ts";
import type { Value } from "../../hcl/values/value.ts";
import { decodeText } from "../source/snapshot.ts";

const DECODERS = ["jsondecode", "yamldecode", "csvdecode"];

/** The last text that something was made of, and what was made of it. */
interface Made<T> {
  readonly text: string;
  readonly result: T;
}

/**
 * The documents that one evaluation reads: what is made of a text is made once, however many values come out of it. Of
 * each file there are two texts at most: as it is, and as an edit that is tried out makes it.
 */
export class StackDocuments {
  readonly #read: (path: string) => Uint8Array | undefined;
  readonly #decoded = new Map<string, Made<Value>>();
  readonly #tried = new Map<string, Made<Value>>();
  readonly #files = new Map<string, DocumentText>();
  readonly #given = new WeakMap<Template, Map<DocumentFormat, DocumentText>>();
  readonly #trees = new WeakMap<DocumentText, { readonly tree: Expression | null }>();

  /** `read` gives the bytes of a file. */
  constructor(read: (path: string) => Uint8Array | undefined) {
    this.#read = read;
  }

  /** The functions that decode texts: the text of a file is decoded once. */
  decoders(functions: FunctionTable): FunctionTable {
    const found = DECODERS.flatMap((name) => {
      const definition = functions.get(name);
      return definition === undefined ? [] : [[name, this.#remembering(name, definition)] as const];
    });
    return new Map(found);
  }

  #remembering(name: string, definition: FunctionDefinition): FunctionDefinition {
    return {
      ...definition,
      call: (args, budget) => {
        const [given] = args;
        if (given?.kind !== "string" || given.origin.kind !== "document" || given.origin.format !== "text")
          return definition.call(args, budget);
        const { value: text, origin } = given;
        const key = `${name} ${origin.file}`;
        for (const known of [this.#decoded.get(key), this.#tried.get(key)])
          if (known?.text === text) return known.result;
        const result = definition.call(args, budget);
        const into = this.#decoded.has(key) ? this.#tried : this.#decoded;
        into.set(key, { text, result });
        return result;
      },
    };
  }

  /** A file as a document. */
  file(path: string, text: string, format: DocumentFormat): DocumentText {
    const key = `${format} ${path}`;
    const known = this.#files.get(key);
    if (known?.text === text) return known;
    const document = new DocumentText(path, text, format, null, this.#isExact(path, text));
    this.#files.set(key, document);
    return document;
  }

  /** Texts of the language are in a normal form (NFC) that a file need not have. */
  #isExact(path: string, text: string): boolean {
    const bytes = this.#read(path);
    return bytes !== undefined && decodeText(bytes) === text;
  }

  /** A document that a template gives. */
  given(template: Template, document: DocumentText): DocumentText {
    const known = this.#given.get(template) ?? new Map<DocumentFormat, DocumentText>();
    this.#given.set(template, known);
    const before = known.get(document.format);
    if (before?.text === document.text && before.written?.isLike(document.written) === true) return before;
    known.set(document.format, document);
    return document;
  }

  /** The values of a document as expressions, made once. */
  tree(document: DocumentText, make: (document: DocumentText) => Expression | null): Expression | null {
    const known = this.#trees.get(document);
    if (known !== undefined) return known.tree;
    const tree = make(document);
    this.#trees.set(document, { tree });
    return tree;
  }
}
