import { Command, type ErrorOptions } from "commander";
import { nearest } from "./nearest.ts";

/** A commander that reports every fault of a command line at once instead of only the first. */
export class HonestCommand extends Command {
  readonly faults: string[];
  #unknown: string[] = [];

  constructor(name: string | undefined, faults: string[]) {
    super(name);
    this.faults = faults;
  }

  override createCommand(name?: string): Command {
    return new HonestCommand(name, this.faults);
  }

  override parseOptions(argv: string[]): { operands: string[]; unknown: string[] } {
    const result = super.parseOptions(argv);
    const end = result.unknown.indexOf("--");
    this.#unknown = (end === -1 ? result.unknown : result.unknown.slice(0, end)).filter((word) =>
      word.startsWith("-"),
    );
    return result;
  }

  // After an error that does not throw, commander continues and so finds the next one.
  override error(message: string, options?: ErrorOptions): never {
    if (options?.code === "commander.unknownOption")
      this.faults.push(...this.#unknown.map((flag) => this.#describeUnknown(flag)));
    // A word after an unknown option counts as an argument, but may well be that option's value.
    else if (options?.code === "commander.excessArguments" && this.#unknown.length > 0)
      return undefined as never;
    else if (options?.code === "commander.unknownCommand") this.faults.push(this.#describeUnknownCommand());
    else this.faults.push(message.replace(/^error: /, "").split("\n")[0] ?? message);
    return undefined as never;
  }

  #describeUnknown(word: string): string {
    const flag = word.split("=")[0] ?? word;
    const own = this.options.map((option) => option.long ?? option.flags);
    const common = (this.parent?.options ?? []).map((option) => option.long ?? option.flags);
    const meant = nearest(flag, [...own, ...common]);
    const allowed = [...own, ...common, "--help"].join(" ");
    return `unknown option '${flag}'${meant === null ? "" : `: did you mean ${meant}?`} (allowed: ${allowed})`;
  }

  #describeUnknownCommand(): string {
    const names = this.commands.map((command) => command.name());
    const word = this.args[0] ?? "";
    const meant = nearest(word, names);
    return `unknown command '${word}'${meant === null ? "" : `: did you mean ${meant}?`} (allowed: ${names.join(" ")})`;
  }
}
