import actions from "./actions.json";
import admin from "./admin.json";
import announcing from "./announcing.json";
import app from "./app.json";
import composing from "./composing.json";
import errors from "./errors.json";
import folders from "./folders.json";
import list from "./list.json";
import reading from "./reading.json";
import search from "./search.json";
import settings from "./settings.json";

/** One file for each room of the client. */
export default { actions, admin, announcing, app, composing, errors, folders, list, reading, search, settings };
