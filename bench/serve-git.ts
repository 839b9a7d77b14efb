import { startGitServer } from "../test/support/git-server.ts";

/** Serves the repositories below the folder of its argument until its parent has gone; answers how often it was asked. */
const [root = "."] = process.argv.slice(2);
const server = await startGitServer(root);
process.on("message", () => process.send?.({ fetches: server.count("fetch") }));
process.on("disconnect", () => void server.close().then(() => process.exit(0)));
process.send?.({ url: server.url });
