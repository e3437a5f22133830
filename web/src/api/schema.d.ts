// Generated from docs/reference/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/api/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register
         * @description Make a user with a tenant of their own, and log them in.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Login
         * @description Log in.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refresh
         * @description Renew the session. The refresh token is good once: using an old one ends the session everywhere.
         */
        post: operations["refreshSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Logout
         * @description End the session.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Password
         * @description Change your password. All of your sessions end; this one goes on with what is returned.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Me
         * @description Say who is logged in.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename Me
         * @description Change your name.
         */
        patch: operations["renameMe"];
        trace?: never;
    };
    "/api/tenant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename Tenant
         * @description Change the workspace's name. Webhook URLs stay as they are.
         */
        patch: operations["renameTenant"];
        trace?: never;
    };
    "/api/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Members
         * @description List everybody in the workspace.
         */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End Sessions
         * @description End all of your sessions, this one too. Access tokens that are out are good for at most 15 minutes more.
         */
        post: operations["endSessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/home": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Home
         * @description Return what runs, what failed within a day, and what comes next.
         */
        get: operations["getHome"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Workflows
         * @description Do one thing to many workflows; each result says what became of it.
         */
        post: operations["changeWorkflows"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/folders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Folders
         * @description List all folders.
         */
        get: operations["listFolders"];
        put?: never;
        /**
         * Create Folder
         * @description Make a folder.
         */
        post: operations["createFolder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/folders/{folder_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change Folder
         * @description Rename a folder, or move it into another; answers with all folders.
         */
        put: operations["changeFolder"];
        post?: never;
        /**
         * Delete Folder
         * @description Delete a folder. What was in it goes to the folder above.
         */
        delete: operations["deleteFolder"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tags
         * @description List all tags.
         */
        get: operations["listTags"];
        put?: never;
        /**
         * Create Tag
         * @description Make a tag.
         */
        post: operations["createTag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tags/{tag_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change Tag
         * @description Rename or recolour a tag; answers with all tags.
         */
        put: operations["changeTag"];
        post?: never;
        /**
         * Delete Tag
         * @description Delete a tag. Workflows lose it.
         */
        delete: operations["deleteTag"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Workflows
         * @description List workflows, the latest changed first unless sorted otherwise.
         *
         *     `search` looks at names, tags and node types. A folder has what is in it and below. Of several tags all must be
         *     there.
         */
        get: operations["listWorkflows"];
        put?: never;
        /**
         * Create Workflow
         * @description Store a new workflow as a draft. It may have errors; they come back as diagnostics.
         */
        post: operations["createWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/duplicate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Duplicate Workflow
         * @description Store a workflow's draft as another workflow, in the same folder and with the same tags.
         */
        post: operations["duplicateWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Validate Workflow
         * @description Check a workflow without storing it, also against the workflows that it calls.
         */
        post: operations["validateWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Workflow
         * @description Return a workflow with its draft.
         */
        get: operations["getWorkflow"];
        /**
         * Save Workflow
         * @description Save a draft that was made from `revision`; 409 `stale_revision` when somebody saved in between.
         */
        put: operations["saveWorkflow"];
        post?: never;
        /**
         * Delete Workflow
         * @description Delete a workflow: its webhooks and schedules go, its executions stay.
         */
        delete: operations["deleteWorkflow"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run Workflow
         * @description Start an execution of the draft or the published version.
         */
        post: operations["runWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish Workflow
         * @description Publish the draft as a new version and make it live; 422 with `diagnostics` when it has errors.
         */
        post: operations["publishWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/unpublish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unpublish Workflow
         * @description Take a workflow's webhooks and schedules away.
         */
        post: operations["unpublishWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Versions
         * @description List the published versions, the latest first.
         */
        get: operations["listVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/versions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Version
         * @description Return a published version with its document.
         */
        get: operations["getVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/versions/{number}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish Version
         * @description Make a version live again: its machine, webhooks and schedules. The draft stays as it is.
         */
        post: operations["publishVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/triggers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Triggers
         * @description List the triggers of the published version with their state: on or off, next and last fire, errors, counts.
         */
        get: operations["listTriggers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/triggers/{node_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Switch Trigger
         * @description Switch one trigger of a published workflow on or off; the others go on.
         */
        put: operations["switchTrigger"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/registrations/{registration_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Dismiss Registration
         * @description Stop asking a provider to forget a trigger that is `leaving` or `failed`. What is there may stay there.
         */
        delete: operations["dismissRegistration"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/triggers/test-calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test Triggers
         * @description Call each trigger of the published version once, to see whether a real call would arrive. Nothing starts.
         */
        post: operations["testTriggers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/triggers/{node_id}/listen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Listen Once
         * @description Try out a trigger of the draft.
         *
         *     A webhook listens for two minutes at its test URL, `<origin>/hooks/<workspace>/~test/<path>`; the first call is what
         *     is heard, and starts nothing.
         *     One that polls fetches the newest things, three at most, and no cursor moves. Any other is registered at its
         *     provider for two minutes, beside what is live; the first event ends that, and starts nothing.
         */
        post: operations["listenOnce"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/workflows/{workflow_id}/listens/{listen_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Listening
         * @description Tell whether an event came. Only who listens may know; stop listening once it did, or a minute later it ends.
         */
        get: operations["getListening"];
        put?: never;
        post?: never;
        /**
         * Stop Listening
         * @description Stop listening: the provider forgets the address. What has ended already is fine.
         */
        delete: operations["stopListening"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Schedules
         * @description List published schedules, those that fire soonest first, and triggers that poll, those that fail first.
         */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/fires": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Fires
         * @description List when schedules fire within a range of at most 62 days, from now on.
         */
        get: operations["listFires"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview Fires
         * @description Tell when a line would fire next. A line that cannot be read is no error: it is still being written.
         */
        post: operations["previewFires"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{schedule_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change Schedule
         * @description Pause a schedule or a trigger that polls, or let it go on. A schedule's missed fires are not made up for.
         */
        put: operations["changeSchedule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/expressions/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview Expression
         * @description Evaluate an expression on the data of an earlier execution; nothing is run and nothing is stored.
         */
        post: operations["previewExpression"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/node-types/{type}/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * List Options
         * @description Load a page of a field's choices from the provider, with the credential that the node names.
         *
         *     What was loaded is kept for a minute, unless the credential is changed. Nothing is saved.
         */
        post: operations["listNodeOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Executions
         * @description List executions, the latest first.
         *
         *     With `error` a page may hold fewer than `limit`, even none, and yet have a `nextCursor`: so far was looked.
         */
        get: operations["listExecutions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Executions
         * @description Do one thing to many executions. Each is done on its own; what fails stops none of the others.
         */
        post: operations["changeExecutions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{execution_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Execution
         * @description Return an execution with its node runs and the document that ran.
         */
        get: operations["getExecution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{execution_id}/node-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Node Runs
         * @description List the runs of a node, one for each iteration of its loops.
         */
        get: operations["listNodeRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{execution_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Events
         * @description List an execution's events in order.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{execution_id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Logs
         * @description List an execution's log lines in order.
         */
        get: operations["listLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{execution_id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Items
         * @description List the items that went into or came out of a node's port.
         */
        get: operations["listItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{execution_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Execution
         * @description Stop an execution. Its end is told like any other.
         */
        post: operations["cancelExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Approvals
         * @description List approvals, the latest first.
         */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/approvals/{approval_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Approval
         * @description Return an approval with its form and what was said so far.
         */
        get: operations["getApproval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/approvals/{approval_id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide Approval
         * @description Approve or reject. Who may is said by the approval: those listed, or whoever may run workflows.
         */
        post: operations["decideApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/approvals/{approval_id}/hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand Over Approval
         * @description Let another member decide. Who hands over decides no more, unless they are listed again.
         */
        post: operations["handOverApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Stores
         * @description List the stores that have keys.
         */
        get: operations["listStores"];
        put?: never;
        post?: never;
        /**
         * Empty Store
         * @description Delete all keys of a store, and so the store.
         */
        delete: operations["emptyStore"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stores/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Entries
         * @description List the keys of a store that begin with a text.
         */
        get: operations["listEntries"];
        /**
         * Set Entry
         * @description Set the value of a key, new or not.
         */
        put: operations["setEntry"];
        post?: never;
        /**
         * Delete Entry
         * @description Delete a key.
         */
        delete: operations["deleteEntry"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tables
         * @description List all tables.
         */
        get: operations["listTables"];
        put?: never;
        /**
         * Create Table
         * @description Make a table with its columns.
         */
        post: operations["createTable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tables/{table_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Table
         * @description Return a table, without its rows.
         */
        get: operations["getTable"];
        /**
         * Rename Table
         * @description Rename a table.
         */
        put: operations["renameTable"];
        post?: never;
        /**
         * Delete Table
         * @description Delete a table with its rows.
         */
        delete: operations["deleteTable"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tables/{table_id}/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add Column
         * @description Add a column behind the others; answers with the table.
         */
        post: operations["addColumn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tables/{table_id}/columns/{column_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Rename Column
         * @description Rename a column; answers with the table.
         */
        put: operations["renameColumn"];
        post?: never;
        /**
         * Remove Column
         * @description Take a column away with its values; answers with the table.
         */
        delete: operations["removeColumn"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tables/{table_id}/rows/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Query Rows
         * @description Find rows: those that meet conditions, in an order, page by page.
         */
        post: operations["queryRows"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tables/{table_id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Insert Rows
         * @description Insert rows, all of them or none.
         */
        post: operations["insertRows"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tables/{table_id}/csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Rows
         * @description Return a table as CSV, page by page, by the rows' ids.
         */
        get: operations["exportRows"];
        put?: never;
        /**
         * Import Rows
         * @description Import a CSV text, all of its rows or none. Errors name the lines of the text.
         */
        post: operations["importRows"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tables/{table_id}/rows/{row_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change Row
         * @description Change values of a row.
         */
        put: operations["changeRow"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tables/{table_id}/rows/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete Rows
         * @description Delete rows.
         */
        post: operations["deleteRows"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/shared/{token}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Shared File
         * @description Lead to a file that somebody shares by a link (node *Storage*), to be saved. Nobody needs to be logged in.
         */
        get: operations["getSharedFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/memory/talks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Talks
         * @description List talks, the one that was used last first.
         */
        get: operations["listTalks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/memory/talks/{talk_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Talk
         * @description Return a talk with its summary, without its messages.
         */
        get: operations["getTalk"];
        put?: never;
        post?: never;
        /**
         * Delete Talk
         * @description Delete a talk with its messages: models begin it anew.
         */
        delete: operations["deleteTalk"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/memory/talks/{talk_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Messages
         * @description Return messages of a talk, oldest first: the newest page, or the one before a message.
         */
        get: operations["listTalkMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/memory/talks/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete Talks
         * @description Delete talks with their messages.
         */
        post: operations["deleteTalks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/spending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Spending
         * @description Return what was spent on language models in a month, and what may be.
         */
        get: operations["getSpending"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/spending/budget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set Budget
         * @description Say what the workspace may spend on language models in a month; it counts at once.
         */
        put: operations["setBudget"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Credentials
         * @description List credentials by name, without their secrets.
         */
        get: operations["listCredentials"];
        put?: never;
        /**
         * Create Credential
         * @description Encrypt and store a credential.
         */
        post: operations["createCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credentials/{credential_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Credential
         * @description Return a credential for changing it: the fields that are no secrets, and which secrets are set.
         */
        get: operations["getCredential"];
        /**
         * Update Credential
         * @description Rename a credential, and change the fields of its data that are given; the others stay.
         *
         *     A change that lets its secrets go to another server must give them again, and ends its connection at a provider.
         */
        put: operations["updateCredential"];
        post?: never;
        /**
         * Delete Credential
         * @description Delete a credential. Nodes that use it fail until they are given another.
         */
        delete: operations["deleteCredential"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apis": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Apis
         * @description List the APIs that nodes can ask, with their operations in short: 5,000 of them at most.
         */
        get: operations["listApis"];
        put?: never;
        /**
         * Add Api
         * @description Add an API by its OpenAPI document.
         */
        post: operations["addApi"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apis/{api_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Api
         * @description Return all that is known of an API, but its document.
         */
        get: operations["getApi"];
        /**
         * Change Api
         * @description Give an API another document, name or URL. What is published goes on with what it was published with.
         */
        put: operations["changeApi"];
        post?: never;
        /**
         * Delete Api
         * @description Delete an API. What is published goes on with what it was published with.
         */
        delete: operations["deleteApi"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apis/{api_id}/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Api Document
         * @description Return the OpenAPI document of an API.
         */
        get: operations["getApiDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Model Prices
         * @description List what models cost: the providers' lists, and what the workspace has set.
         */
        get: operations["listModelPrices"];
        /**
         * Set Model Price
         * @description Set what a model costs the workspace, from now on.
         */
        put: operations["setModelPrice"];
        post?: never;
        /**
         * Delete Model Price
         * @description Delete the price that the workspace has set: the list's counts again, where there is one.
         */
        delete: operations["deleteModelPrice"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credentials/{credential_id}/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connect Credential
         * @description Begin to connect a credential: returns where the person agrees, to be opened in a window of this browser.
         */
        post: operations["connectCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credentials/{credential_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test Credential
         * @description Try a credential out, as it is stored: one request that changes nothing at the provider.
         */
        post: operations["testCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/chats/entry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enter Chat
         * @description Let a member into a chat of the workspace: its page, which sent them here, gets a session for the code.
         */
        post: operations["enterChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/node-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Node Types
         * @description Return the catalogue: every node type with its ports, form and documentation, and every credential type.
         */
        get: operations["listNodeTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/live/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Live Ticket
         * @description Return a ticket for one WebSocket connection; the browser puts it into the URL, so it is short-lived.
         */
        post: operations["createLiveTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health
         * @description Say that the API answers.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready
         * @description Say whether everything the API needs answers; 503 where something does not.
         */
        get: operations["getReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * ApiChangeRequest
         * @description What an API becomes.
         */
        ApiChangeRequest: {
            /**
             * Document
             * @description The text of its OpenAPI document; null for the one that it has.
             */
            document?: string | null;
            /**
             * Name
             * @description What it is called; empty for what it is.
             * @default
             */
            name: string;
            /**
             * Baseurl
             * @description The URL that its paths follow; empty for its first server.
             * @default
             */
            baseUrl: string;
        };
        /**
         * ApiEntry
         * @description An API of the workspace.
         */
        ApiEntry: {
            /**
             * Id
             * Format: uuid
             * @description It.
             */
            id: string;
            /**
             * Name
             * @description What it is called.
             */
            name: string;
            /**
             * Version
             * @description The version of its document.
             */
            version: string;
            /**
             * Words
             * @description What it is for.
             */
            words: string;
            /**
             * Baseurl
             * @description The URL that its paths follow.
             */
            baseUrl: string;
            /**
             * Operations
             * @description What can be asked of it.
             */
            operations: components["schemas"]["ApiOperationResponse"][];
            /**
             * Operationcount
             * @description How many operations it has, also where not all are listed.
             */
            operationCount: number;
            /**
             * Updatedat
             * Format: date-time
             * @description When it got its document, or was changed.
             */
            updatedAt: string;
        };
        /**
         * ApiOperationResponse
         * @description Something that can be asked of an API.
         */
        ApiOperationResponse: {
            /**
             * Id
             * @description Its name in the document.
             */
            id: string;
            /**
             * Label
             * @description What it does, in few words.
             */
            label: string;
            /**
             * Words
             * @description What it does.
             */
            words: string;
            /**
             * Group
             * @description Its first tag; empty for none.
             */
            group: string;
            /**
             * Method
             * @description The request's method.
             */
            method: string;
            /**
             * Path
             * @description The request's path.
             */
            path: string;
            /**
             * Deprecated
             * @description Whether the document says that it is no longer to be used.
             */
            deprecated: boolean;
        };
        /**
         * ApiRequest
         * @description An API to add.
         */
        ApiRequest: {
            /**
             * Document
             * @description The text of its OpenAPI document (2.0, 3.0 or 3.1), JSON or YAML; 4 MB at most.
             */
            document: string;
            /**
             * Name
             * @description What it is called; empty for its title.
             * @default
             */
            name: string;
            /**
             * Baseurl
             * @description The URL that its paths follow; empty for its first server.
             * @default
             */
            baseUrl: string;
        };
        /**
         * ApiResponse
         * @description An API of the workspace, with all that is known of it.
         */
        ApiResponse: {
            /**
             * Id
             * Format: uuid
             * @description It.
             */
            id: string;
            /**
             * Name
             * @description What it is called.
             */
            name: string;
            /**
             * Version
             * @description The version of its document.
             */
            version: string;
            /**
             * Words
             * @description What it is for.
             */
            words: string;
            /**
             * Baseurl
             * @description The URL that its paths follow.
             */
            baseUrl: string;
            /**
             * Operations
             * @description What can be asked of it.
             */
            operations: components["schemas"]["ApiOperationResponse"][];
            /**
             * Operationcount
             * @description How many operations it has, also where not all are listed.
             */
            operationCount: number;
            /**
             * Updatedat
             * Format: date-time
             * @description When it got its document, or was changed.
             */
            updatedAt: string;
            /**
             * Servers
             * @description The URLs that its document names.
             */
            servers: string[];
            /**
             * Schemes
             * @description How it wants to know who asks.
             */
            schemes: string[];
            /**
             * Problems
             * @description What of its document is left out, and why.
             */
            problems: string[];
        };
        /**
         * ApiTextResponse
         * @description The document of an API.
         */
        ApiTextResponse: {
            /**
             * Document
             * @description Its text, as it was given.
             */
            document: string;
        };
        /**
         * ApisResponse
         * @description The APIs of a workspace.
         */
        ApisResponse: {
            /**
             * Items
             * @description The APIs, by name.
             */
            items: components["schemas"]["ApiEntry"][];
        };
        /**
         * ApprovalResponse
         * @description An approval with what was asked and what was said. `approvers` is empty where every editor may decide.
         */
        ApprovalResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names the approval in paths.
             */
            id: string;
            /**
             * Title
             * @description What is to be decided, in a line.
             */
            title: string;
            /**
             * State
             * @description What became of it.
             * @enum {string}
             */
            state: "open" | "approved" | "rejected" | "expired" | "cancelled";
            /**
             * Workflowid
             * Format: uuid
             * @description The workflow that waits.
             */
            workflowId: string;
            /**
             * Workflowname
             * @description Its name.
             */
            workflowName: string;
            /**
             * Executionid
             * Format: uuid
             * @description The execution that waits.
             */
            executionId: string;
            /**
             * Nodeid
             * @description The approval node.
             */
            nodeId: string;
            /**
             * Iteration
             * @description The round of its loops; empty outside of them.
             */
            iteration: string;
            /**
             * Createdat
             * Format: date-time
             * @description Since when it waits.
             */
            createdAt: string;
            /**
             * Expiresat
             * @description Until when it waits; null for as long as an execution may.
             */
            expiresAt: string | null;
            /**
             * Endedat
             * @description When it was decided or over; null while it is open.
             */
            endedAt: string | null;
            /**
             * Required
             * @description How many must approve.
             */
            required: number;
            /**
             * Approvals
             * @description How many have.
             */
            approvals: number;
            /**
             * Candecide
             * @description Whether whoever asks may decide, and has not.
             */
            canDecide: boolean;
            /**
             * Message
             * @description What is to be decided, in full.
             */
            message: string;
            /**
             * Form
             * @description What people are asked.
             */
            form: components["schemas"]["FormFieldResponse"][];
            /**
             * Approvers
             * @description Addresses of those who may decide; empty for whoever may run workflows.
             */
            approvers: string[];
            /**
             * Decisions
             * @description What was said so far, in order.
             */
            decisions: components["schemas"]["DecisionResponse"][];
            /** @description The tool that an agent wants to call; null where something else is asked. */
            tool?: components["schemas"]["ToolResponse"] | null;
            /**
             * Arguments
             * @description What the tool is to be called with, which whoever decides may change; null where it is too much to be shown.
             */
            arguments?: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * ApprovalSummary
         * @description An approval in a list.
         *
         *     `state` is `open`, `approved`, `rejected`, `expired` (its time was over) or `cancelled` (its execution ended).
         *     `approvals` of the `required` are there. `canDecide` is about whoever asks.
         */
        ApprovalSummary: {
            /**
             * Id
             * Format: uuid
             * @description Names the approval in paths.
             */
            id: string;
            /**
             * Title
             * @description What is to be decided, in a line.
             */
            title: string;
            /**
             * State
             * @description What became of it.
             * @enum {string}
             */
            state: "open" | "approved" | "rejected" | "expired" | "cancelled";
            /**
             * Workflowid
             * Format: uuid
             * @description The workflow that waits.
             */
            workflowId: string;
            /**
             * Workflowname
             * @description Its name.
             */
            workflowName: string;
            /**
             * Executionid
             * Format: uuid
             * @description The execution that waits.
             */
            executionId: string;
            /**
             * Nodeid
             * @description The approval node.
             */
            nodeId: string;
            /**
             * Iteration
             * @description The round of its loops; empty outside of them.
             */
            iteration: string;
            /**
             * Createdat
             * Format: date-time
             * @description Since when it waits.
             */
            createdAt: string;
            /**
             * Expiresat
             * @description Until when it waits; null for as long as an execution may.
             */
            expiresAt: string | null;
            /**
             * Endedat
             * @description When it was decided or over; null while it is open.
             */
            endedAt: string | null;
            /**
             * Required
             * @description How many must approve.
             */
            required: number;
            /**
             * Approvals
             * @description How many have.
             */
            approvals: number;
            /**
             * Candecide
             * @description Whether whoever asks may decide, and has not.
             */
            canDecide: boolean;
        };
        /**
         * Binary
         * @description Binary data, by reference: `stepweave.model.items.BinaryRef`.
         */
        Binary: {
            /**
             * Bucket
             * @description The bucket that it is in.
             */
            bucket: string;
            /**
             * Key
             * @description Its key there.
             */
            key: string;
            /**
             * Size
             * @description How many bytes it has.
             */
            size: number;
            /**
             * Sha256
             * @description Their digest, in hexadecimal.
             */
            sha256: string;
            /**
             * Mimetype
             * @description What it is.
             */
            mimeType: string;
            /**
             * Filename
             * @description What it is called, where that is known.
             */
            fileName?: string;
        };
        /**
         * BudgetRequest
         * @description What the workspace may spend on language models in a month.
         */
        BudgetRequest: {
            /**
             * Monthmoney
             * @description US dollars; null for any amount, 0 for none.
             */
            monthMoney: number | string | null;
            /**
             * Monthtokens
             * @description Tokens, sent and answered; null for any number, 0 for none.
             */
            monthTokens: number | null;
        };
        /**
         * BudgetResponse
         * @description What may be spent in a month.
         */
        BudgetResponse: {
            /**
             * Monthmoney
             * @description US dollars, as decimal text; null for any amount.
             */
            monthMoney: string | null;
            /**
             * Monthtokens
             * @description Tokens, sent and answered; null for any number.
             */
            monthTokens: number | null;
        };
        /**
         * BulkItem
         * @description What became of one workflow: `code` and `message` where it failed, its `document` where it was exported.
         */
        BulkItem: {
            /**
             * Id
             * Format: uuid
             * @description The workflow.
             */
            id: string;
            /**
             * Ok
             * @description Whether it was done.
             */
            ok: boolean;
            /**
             * Code
             * @description Which refusal; null where it was done.
             */
            code: string | null;
            /**
             * Message
             * @description What was wrong, for people; null where it was done.
             */
            message: string | null;
            /**
             * Document
             * @description The document, of an export.
             */
            document: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * BulkRequest
         * @description An action on many workflows.
         *
         *     `move` goes to `folderId`, out of all folders without one; `tag` adds `addTagIds` and removes `removeTagIds`.
         */
        BulkRequest: {
            /**
             * Action
             * @description What to do.
             * @enum {string}
             */
            action: "enable" | "disable" | "move" | "tag" | "delete" | "export";
            /**
             * Ids
             * @description To which workflows.
             */
            ids: string[];
            /**
             * Folderid
             * @description Where `move` goes; null for out of all folders.
             */
            folderId?: string | null;
            /**
             * Addtagids
             * @description Tags that `tag` adds.
             */
            addTagIds?: string[];
            /**
             * Removetagids
             * @description Tags that `tag` removes.
             */
            removeTagIds?: string[];
        };
        /**
         * BulkResponse
         * @description What became of each, in the order given.
         */
        BulkResponse: {
            /**
             * Items
             * @description A result for each.
             */
            items: components["schemas"]["BulkItem"][];
        };
        /**
         * CalledExecution
         * @description An execution that a node called; `iteration` as in a node run.
         */
        CalledExecution: {
            /**
             * Id
             * Format: uuid
             * @description Names the execution in paths.
             */
            id: string;
            /**
             * Nodeid
             * @description The node that called it.
             */
            nodeId: string;
            /**
             * Iteration
             * @description The round of that node's loops; empty outside of them.
             */
            iteration: string;
            /**
             * Workflowid
             * Format: uuid
             * @description The workflow that was called.
             */
            workflowId: string;
            /**
             * Workflowname
             * @description Its name now.
             */
            workflowName: string;
            /**
             * Status
             * @description As in an execution.
             */
            status: string;
        };
        /**
         * ChatEntryRequest
         * @description Which chat a member enters, and what its page has sent along.
         */
        ChatEntryRequest: {
            /**
             * Chat
             * @description `<workspace>/<path>`, as in the chat's address.
             */
            chat: string;
            /**
             * Challenge
             * @description The unpadded base64url of the SHA-256 of what the page keeps to itself.
             */
            challenge: string;
        };
        /**
         * ChatEntryResponse
         * @description Where the member goes on.
         */
        ChatEntryResponse: {
            /**
             * Address
             * @description The chat's page with a code behind `#entry=`, good once and for a minute.
             */
            address: string;
        };
        /**
         * ColumnNameRequest
         * @description What a column is to be called.
         */
        ColumnNameRequest: {
            /**
             * Name
             * @description The name; unique in its table, whatever the case.
             */
            name: string;
        };
        /**
         * ColumnRequest
         * @description A column that is to be there.
         */
        ColumnRequest: {
            /**
             * Name
             * @description What it is called; unique in its table, whatever the case.
             */
            name: string;
            /**
             * Type
             * @description What its values are.
             * @enum {string}
             */
            type: "text" | "number" | "boolean" | "date" | "json";
        };
        /**
         * ColumnResponse
         * @description A column.
         */
        ColumnResponse: {
            /**
             * Id
             * @description Names the column in paths; it stays when it is renamed.
             */
            id: string;
            /**
             * Name
             * @description What rows call it.
             */
            name: string;
            /**
             * Type
             * @description What its values are.
             * @enum {string}
             */
            type: "text" | "number" | "boolean" | "date" | "json";
        };
        /**
         * ConnectResponse
         * @description Where a person agrees that a credential is connected.
         */
        ConnectResponse: {
            /**
             * Authorizeurl
             * @description The provider's page, to be opened in a window of this browser.
             */
            authorizeUrl: string;
            /**
             * Redirecturl
             * @description Where the provider sends the person back to: to be registered there.
             */
            redirectUrl: string;
            /**
             * Expiresin
             * @description Seconds that the person may take.
             */
            expiresIn: number;
        };
        /**
         * CostSummary
         * @description What something in a list cost.
         */
        CostSummary: {
            /**
             * Tokens
             * @description Tokens of language models, sent and answered.
             */
            tokens: number;
            /**
             * Money
             * @description By the currency (ISO 4217), as decimal text, which is exact.
             */
            money: {
                [key: string]: string;
            };
        };
        /**
         * CredentialChange
         * @description A new name, and the fields of the data that change: what is not given stays, null takes a field away.
         */
        CredentialChange: {
            /**
             * Name
             * @description What it is called from now on.
             */
            name: string;
            /**
             * Data
             * @description The fields that change; null takes one away.
             */
            data?: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * CredentialDetailResponse
         * @description A credential with its data but for the secrets, of which it tells the names of those that are set.
         *
         *     `readable` is false where the data cannot be decrypted any more: a change must give all fields then.
         */
        CredentialDetailResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names the credential in paths and in nodes.
             */
            id: string;
            /**
             * Name
             * @description What it is called.
             */
            name: string;
            /**
             * Type
             * @description Which type it is.
             */
            type: string;
            /**
             * Hint
             * @description Tells it from others, without what opens anything.
             */
            hint: string;
            /**
             * Connection
             * @description Of one that a person connects at its provider: not yet, well, or to be connected again; else `unneeded`.
             * @enum {string}
             */
            connection: "unneeded" | "missing" | "connected" | "lost";
            /**
             * Createdat
             * Format: date-time
             * @description When it was stored.
             */
            createdAt: string;
            /**
             * Updatedat
             * Format: date-time
             * @description When it was changed last.
             */
            updatedAt: string;
            /**
             * Data
             * @description What is no secret.
             */
            data: {
                [key: string]: unknown;
            };
            /**
             * Secrets
             * @description The names of the secrets that are set.
             */
            secrets: string[];
            /**
             * Readable
             * @description Whether it still decrypts.
             */
            readable: boolean;
        };
        /**
         * CredentialRequest
         * @description A new credential. `data` depends on the type (docs/reference/contracts.md, "Credential types").
         */
        CredentialRequest: {
            /**
             * Name
             * @description What it is called in the editor.
             */
            name: string;
            /**
             * Type
             * @description Which type it is.
             */
            type: string;
            /**
             * Data
             * @description What the type asks for.
             */
            data: {
                [key: string]: unknown;
            };
        };
        /**
         * CredentialResponse
         * @description A credential; `hint` tells it from others.
         */
        CredentialResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names the credential in paths and in nodes.
             */
            id: string;
            /**
             * Name
             * @description What it is called.
             */
            name: string;
            /**
             * Type
             * @description Which type it is.
             */
            type: string;
            /**
             * Hint
             * @description Tells it from others, without what opens anything.
             */
            hint: string;
            /**
             * Connection
             * @description Of one that a person connects at its provider: not yet, well, or to be connected again; else `unneeded`.
             * @enum {string}
             */
            connection: "unneeded" | "missing" | "connected" | "lost";
            /**
             * Createdat
             * Format: date-time
             * @description When it was stored.
             */
            createdAt: string;
            /**
             * Updatedat
             * Format: date-time
             * @description When it was changed last.
             */
            updatedAt: string;
        };
        /**
         * CredentialTestResponse
         * @description Whether a credential works.
         */
        CredentialTestResponse: {
            /**
             * Works
             * @description Whether it does.
             */
            works: boolean;
            /**
             * Message
             * @description How it went, for people, in the server's words; no secret is quoted.
             */
            message: string;
            /**
             * Status
             * @description The server's HTTP status, where one answered.
             */
            status: number | null;
        };
        /**
         * CredentialsResponse
         * @description All credentials.
         */
        CredentialsResponse: {
            /**
             * Items
             * @description The credentials, by name.
             */
            items: components["schemas"]["CredentialResponse"][];
        };
        /**
         * CsvHeader
         * @description A header of a CSV text.
         */
        CsvHeader: {
            /**
             * Header
             * @description As it stands there.
             */
            header: string;
            /**
             * Column
             * @description The column that it is for; null where it is left out.
             */
            column: string | null;
        };
        /**
         * CsvRequest
         * @description A CSV text whose rows go into a table, all of them or none.
         */
        CsvRequest: {
            /**
             * Csv
             * @description The text, with a line of headers, which may begin with a byte order mark.
             */
            csv: string;
            /**
             * Delimiter
             * @description What stands between cells; `auto` takes what the line of headers has most of.
             * @default auto
             * @enum {string}
             */
            delimiter: "auto" | "comma" | "semicolon" | "tab" | "pipe";
            /**
             * Columns
             * @description The column that each header is for; null leaves one out. Without it, headers are for the columns of their names, whatever the case, and others are left out.
             */
            columns?: {
                [key: string]: string | null;
            } | null;
            /**
             * Key
             * @description A column: rows that have the value of a row in it change that row. Empty inserts all.
             * @default
             */
            key: string;
            /**
             * Unescape
             * @description Whether an apostrophe before what a spreadsheet would run (`'=1`) is taken away, as the export puts it there.
             * @default true
             */
            unescape: boolean;
            /**
             * Timezone
             * @description Of dates without an offset.
             * @default UTC
             */
            timeZone: string;
            /**
             * Dryrun
             * @description Whether it is only looked at what would be done.
             * @default false
             */
            dryRun: boolean;
        };
        /**
         * CsvResponse
         * @description A page of a table as CSV: the pages, one behind the other, are the table.
         */
        CsvResponse: {
            /**
             * Csv
             * @description The rows, with commas and CRLF; the first page begins with the headers.
             */
            csv: string;
            /**
             * Nextafter
             * @description What `after` takes for the next page; null on the last one.
             */
            nextAfter: number | null;
        };
        /**
         * DayResponse
         * @description The executions that began on a day (UTC).
         */
        DayResponse: {
            /**
             * Day
             * Format: date
             * @description Which day.
             */
            day: string;
            /**
             * Succeeded
             * @description Executions that succeeded.
             */
            succeeded: number;
            /**
             * Failed
             * @description Those that failed or timed out.
             */
            failed: number;
            /**
             * Other
             * @description Those that run, wait or were cancelled.
             */
            other: number;
        };
        /**
         * DecisionRequest
         * @description What a person says. `form` has an answer by field name.
         */
        DecisionRequest: {
            /**
             * Decision
             * @description What to say.
             * @enum {string}
             */
            decision: "approve" | "reject";
            /**
             * Comment
             * @description What to write beside it.
             * @default
             */
            comment: string;
            /**
             * Form
             * @description Answers by field name.
             */
            form?: {
                [key: string]: unknown;
            };
            /**
             * Arguments
             * @description What an agent's tool is to be called with instead; null for what the agent wants.
             */
            arguments?: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * DecisionResponse
         * @description What one person said.
         */
        DecisionResponse: {
            /**
             * Decision
             * @description What they said.
             * @enum {string}
             */
            decision: "approve" | "reject";
            /**
             * Decidedby
             * @description Their address.
             */
            decidedBy: string;
            /**
             * Decidedat
             * Format: date-time
             * @description When.
             */
            decidedAt: string;
            /**
             * Comment
             * @description What they wrote; empty for nothing.
             */
            comment: string;
            /**
             * Form
             * @description Their answers, by field name.
             */
            form: {
                [key: string]: unknown;
            };
        };
        /**
         * DeleteRowsRequest
         * @description Which rows are deleted.
         */
        DeleteRowsRequest: {
            /**
             * Ids
             * @description Their ids; those that are gone already are no mistake.
             */
            ids: number[];
        };
        /**
         * DeleteTalksRequest
         * @description Which talks are to be deleted.
         */
        DeleteTalksRequest: {
            /**
             * Ids
             * @description The talks; those that are not there count for nothing.
             */
            ids: string[];
        };
        /**
         * DeletedResponse
         * @description What was deleted.
         */
        DeletedResponse: {
            /**
             * Deleted
             * @description How many there were.
             */
            deleted: number;
        };
        /**
         * DiagnosticResponse
         * @description What is wrong, where, and what to change.
         */
        DiagnosticResponse: {
            /**
             * Code
             * @description Which finding it is (docs/reference/diagnostics.md).
             */
            code: string;
            /**
             * Severity
             * @description Whether it keeps the workflow from being published.
             * @enum {string}
             */
            severity: "error" | "warning";
            /**
             * Message
             * @description What is wrong, for people.
             */
            message: string;
            /**
             * Remedy
             * @description What to change.
             */
            remedy: string;
            /**
             * Nodeid
             * @description The node at fault; null for the workflow as a whole.
             */
            nodeId?: string | null;
            /**
             * Edgeid
             * @description The edge at fault; null where none is.
             */
            edgeId?: string | null;
            /**
             * Field
             * @description The field at fault, as `params.url`; null where none is.
             */
            field?: string | null;
            /**
             * Position
             * @description Where in the field's text, in code points; null where that is not known.
             */
            position?: number | null;
        };
        /**
         * DiagnosticsResponse
         * @description What a check found.
         */
        DiagnosticsResponse: {
            /**
             * Diagnostics
             * @description The findings; empty for a workflow that can be published.
             */
            diagnostics: components["schemas"]["DiagnosticResponse"][];
        };
        /**
         * EntriesResponse
         * @description A page of keys, in the order of code points.
         */
        EntriesResponse: {
            /**
             * Items
             * @description The keys of this page, fewer where values are large.
             */
            items: components["schemas"]["EntryResponse"][];
            /**
             * Nextafter
             * @description What `after` takes for the next page; null on the last one.
             */
            nextAfter: string | null;
        };
        /**
         * EntryRequest
         * @description A value for a key.
         */
        EntryRequest: {
            /**
             * Store
             * @description In which store; it is there as soon as it has a key.
             */
            store: string;
            /**
             * Key
             * @description At which key.
             */
            key: string;
            /**
             * Value
             * @description The value: any JSON data of up to 256 KB.
             */
            value?: unknown;
            /**
             * Ttl
             * @description After how many seconds the key is gone; null keeps it.
             */
            ttl?: number | null;
        };
        /**
         * EntryResponse
         * @description A key and its value.
         */
        EntryResponse: {
            /**
             * Key
             * @description The key.
             */
            key: string;
            /**
             * Value
             * @description Its value. Whole numbers beyond 2^53 keep their digits.
             */
            value: unknown;
            /**
             * Expiresat
             * @description When it is gone; null where it stays.
             */
            expiresAt: string | null;
            /**
             * Updatedat
             * @description When it was last written.
             */
            updatedAt?: string | null;
        };
        /**
         * EventsResponse
         * @description Events in order, each with its `seq`.
         */
        EventsResponse: {
            /**
             * Items
             * @description The events.
             */
            items: {
                [key: string]: unknown;
            }[];
        };
        /**
         * ExecutionResponse
         * @description An execution with each node's latest run and the document that ran.
         *
         *     `parent` is there for one that a node of another called; `calls` are those that its own nodes called, the latest
         *     first.
         */
        ExecutionResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names the execution in paths.
             */
            id: string;
            /**
             * Workflowid
             * Format: uuid
             * @description The workflow that ran.
             */
            workflowId: string;
            /**
             * Workflowname
             * @description Its name now.
             */
            workflowName: string;
            /**
             * Workflowversion
             * @description The version that ran; null for a draft.
             */
            workflowVersion: number | null;
            /**
             * Mode
             * @description `draft` or `live`.
             */
            mode: string;
            /**
             * Trigger
             * @description What started it: `manual`, `webhook`, `schedule`, `app`, `workflow` or `error`.
             */
            trigger: string;
            /**
             * Status
             * @description `queued`, `running`, `succeeded`, `failed`, `timed_out` or `cancelled`.
             */
            status: string;
            /**
             * Startedat
             * Format: date-time
             * @description When it began.
             */
            startedAt: string;
            /**
             * Endedat
             * @description When it ended; null until then.
             */
            endedAt: string | null;
            /**
             * Durationms
             * @description How long it took, in milliseconds; null until it has ended.
             */
            durationMs: number | null;
            /**
             * Error
             * @description Why it failed: `type`, `message`, and what else is known; null where it did not.
             */
            error: {
                [key: string]: unknown;
            } | null;
            /** @description How far it is, until it has ended; null where that is not known. */
            steps?: components["schemas"]["StepCounts"] | null;
            /** @description What its nodes have told of: tokens and money; null for nothing, and where it is not asked for. */
            cost?: components["schemas"]["CostSummary"] | null;
            /** @description Who called it; null where nobody did. */
            parent: components["schemas"]["ParentRun"] | null;
            /**
             * Calls
             * @description What its nodes called, the latest 200.
             */
            calls: components["schemas"]["CalledExecution"][];
            /**
             * Response
             * @description What a caller was answered; null for nothing.
             */
            response: {
                [key: string]: unknown;
            } | null;
            /**
             * Lastseq
             * @description The number of its last event.
             */
            lastSeq: number;
            /**
             * Document
             * @description The workflow document that ran.
             */
            document: {
                [key: string]: unknown;
            };
            /**
             * Noderuns
             * @description The nodes that were reached, in that order.
             */
            nodeRuns: components["schemas"]["LatestNodeRun"][];
            /** @description What all of its nodes used; null for nothing. */
            usage: components["schemas"]["UsageResponse"] | null;
        };
        /**
         * ExecutionStatus
         * @description The life of an execution.
         * @enum {string}
         */
        ExecutionStatus: "queued" | "running" | "succeeded" | "failed" | "cancelled" | "timed_out";
        /**
         * ExecutionSummary
         * @description An execution in a list. `durationMs` is there once it has ended, `steps` until then where lists know it.
         */
        ExecutionSummary: {
            /**
             * Id
             * Format: uuid
             * @description Names the execution in paths.
             */
            id: string;
            /**
             * Workflowid
             * Format: uuid
             * @description The workflow that ran.
             */
            workflowId: string;
            /**
             * Workflowname
             * @description Its name now.
             */
            workflowName: string;
            /**
             * Workflowversion
             * @description The version that ran; null for a draft.
             */
            workflowVersion: number | null;
            /**
             * Mode
             * @description `draft` or `live`.
             */
            mode: string;
            /**
             * Trigger
             * @description What started it: `manual`, `webhook`, `schedule`, `app`, `workflow` or `error`.
             */
            trigger: string;
            /**
             * Status
             * @description `queued`, `running`, `succeeded`, `failed`, `timed_out` or `cancelled`.
             */
            status: string;
            /**
             * Startedat
             * Format: date-time
             * @description When it began.
             */
            startedAt: string;
            /**
             * Endedat
             * @description When it ended; null until then.
             */
            endedAt: string | null;
            /**
             * Durationms
             * @description How long it took, in milliseconds; null until it has ended.
             */
            durationMs: number | null;
            /**
             * Error
             * @description Why it failed: `type`, `message`, and what else is known; null where it did not.
             */
            error: {
                [key: string]: unknown;
            } | null;
            /** @description How far it is, until it has ended; null where that is not known. */
            steps?: components["schemas"]["StepCounts"] | null;
            /** @description What its nodes have told of: tokens and money; null for nothing, and where it is not asked for. */
            cost?: components["schemas"]["CostSummary"] | null;
        };
        /**
         * ExecutionsBulkItem
         * @description What became of one: `code` and `message` where it failed, `executionId` of the one that was started.
         */
        ExecutionsBulkItem: {
            /**
             * Id
             * Format: uuid
             * @description The execution it was to be done to.
             */
            id: string;
            /**
             * Ok
             * @description Whether it was done.
             */
            ok: boolean;
            /**
             * Code
             * @description Which refusal; null where it was done.
             */
            code: string | null;
            /**
             * Message
             * @description What was wrong, for people; null where it was done.
             */
            message: string | null;
            /**
             * Executionid
             * @description The execution that was started; null where none was.
             */
            executionId: string | null;
        };
        /**
         * ExecutionsBulkRequest
         * @description An action on many executions.
         *
         *     `cancel` stops those that run. Those that have ended are started again: with `runAgain` as a whole, with `retry`
         *     from the node that failed.
         */
        ExecutionsBulkRequest: {
            /**
             * Action
             * @description What to do.
             * @enum {string}
             */
            action: "cancel" | "runAgain" | "retry";
            /**
             * Ids
             * @description To which executions.
             */
            ids: string[];
        };
        /**
         * ExecutionsBulkResponse
         * @description What became of each, in the order given.
         */
        ExecutionsBulkResponse: {
            /**
             * Items
             * @description A result for each.
             */
            items: components["schemas"]["ExecutionsBulkItem"][];
        };
        /**
         * FailuresResponse
         * @description The failures of a workflow within a day: how many, and the last one.
         */
        FailuresResponse: {
            /**
             * Workflowid
             * Format: uuid
             * @description The workflow.
             */
            workflowId: string;
            /**
             * Workflowname
             * @description Its name.
             */
            workflowName: string;
            /**
             * Count
             * @description How many of its executions failed within a day.
             */
            count: number;
            /** @description The last one that failed. */
            last: components["schemas"]["ExecutionSummary"];
        };
        /**
         * FireResponse
         * @description A schedule's next fire.
         */
        FireResponse: {
            /**
             * At
             * Format: date-time
             * @description When.
             */
            at: string;
            /**
             * Scheduleid
             * Format: uuid
             * @description The schedule.
             */
            scheduleId: string;
            /**
             * Workflowid
             * Format: uuid
             * @description The workflow that it starts.
             */
            workflowId: string;
            /**
             * Workflowname
             * @description Its name.
             */
            workflowName: string;
            /**
             * Nodename
             * @description The trigger node's name.
             */
            nodeName: string;
        };
        /**
         * FiresOfSchedule
         * @description When a schedule fires within a range; `more` than are told.
         */
        FiresOfSchedule: {
            /**
             * Scheduleid
             * Format: uuid
             * @description The schedule.
             */
            scheduleId: string;
            /**
             * At
             * @description When it fires, at most 200 times.
             */
            at: string[];
            /**
             * More
             * @description Whether it fires more often than is told.
             */
            more: boolean;
        };
        /**
         * FiresRequest
         * @description A line that is still being written.
         */
        FiresRequest: {
            /**
             * Expression
             * @description A cron line or a rate.
             */
            expression: string;
            /**
             * Timezone
             * @description The IANA zone that it is meant in.
             * @default UTC
             */
            timeZone: string;
        };
        /**
         * FiresResponse
         * @description When schedules fire within a range.
         */
        FiresResponse: {
            /**
             * Items
             * @description The schedules that fire within the range.
             */
            items: components["schemas"]["FiresOfSchedule"][];
        };
        /**
         * FolderRequest
         * @description A folder's name and the folder it is in; without one it is at the top.
         */
        FolderRequest: {
            /**
             * Name
             * @description What it is called; unique in its folder, whatever the case.
             */
            name: string;
            /**
             * Parentid
             * @description The folder that it is in; null at the top.
             */
            parentId?: string | null;
        };
        /**
         * FolderResponse
         * @description A folder, and how many workflows are in it, without those below.
         */
        FolderResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names the folder in paths.
             */
            id: string;
            /**
             * Name
             * @description What it is called.
             */
            name: string;
            /**
             * Parentid
             * @description The folder that it is in; null at the top.
             */
            parentId: string | null;
            /**
             * Workflows
             * @description How many workflows are in it, without those below.
             */
            workflows: number;
        };
        /**
         * FoldersResponse
         * @description All folders, by name.
         */
        FoldersResponse: {
            /**
             * Items
             * @description The folders.
             */
            items: components["schemas"]["FolderResponse"][];
        };
        /**
         * FormFieldResponse
         * @description A field of the form. `options` are a select's.
         */
        FormFieldResponse: {
            /**
             * Name
             * @description What the answer is called in `form` of a decision.
             */
            name: string;
            /**
             * Label
             * @description What people read beside it.
             */
            label: string;
            /**
             * Type
             * @description What kind of answer it takes.
             * @enum {string}
             */
            type: "text" | "number" | "boolean" | "select";
            /**
             * Required
             * @description Whether an approval needs an answer to it.
             */
            required: boolean;
            /**
             * Options
             * @description What a select has to choose from.
             */
            options?: string[] | null;
        };
        /**
         * HandOverRequest
         * @description Who is to decide instead.
         */
        HandOverRequest: {
            /**
             * To
             * @description The address of a member.
             */
            to: string;
        };
        /**
         * HealthResponse
         * @description The API answers.
         */
        HealthResponse: {
            /**
             * Status
             * @description Always `ok`.
             */
            status: string;
        };
        /**
         * HomeResponse
         * @description A workspace at a glance.
         */
        HomeResponse: {
            /**
             * Workflows
             * @description How many workflows there are.
             */
            workflows: number;
            /**
             * Running
             * @description What runs, the latest eight.
             */
            running: components["schemas"]["ExecutionSummary"][];
            /**
             * Runningcount
             * @description How many run.
             */
            runningCount: number;
            /**
             * Failures
             * @description Workflows that failed within a day, the latest eight.
             */
            failures: components["schemas"]["FailuresResponse"][];
            /**
             * Failedcount
             * @description How many executions failed within a day.
             */
            failedCount: number;
            /**
             * Fires
             * @description What fires next, at most eight.
             */
            fires: components["schemas"]["FireResponse"][];
            /**
             * Approvals
             * @description How many approvals are open.
             */
            approvals: number;
            /**
             * Days
             * @description The last 14 days, today last.
             */
            days: components["schemas"]["DayResponse"][];
        };
        /**
         * ImportedResponse
         * @description What an import did, or would do.
         */
        ImportedResponse: {
            /**
             * Delimiter
             * @description What stood between cells.
             * @enum {string}
             */
            delimiter: "comma" | "semicolon" | "tab" | "pipe";
            /**
             * Headers
             * @description The headers, in their order.
             */
            headers: components["schemas"]["CsvHeader"][];
            /**
             * Rows
             * @description How many rows the text has.
             */
            rows: number;
            /**
             * Inserted
             * @description How many of them are new.
             */
            inserted: number;
            /**
             * Updated
             * @description How many changed rows that were there.
             */
            updated: number;
            /**
             * Sample
             * @description The first rows as they stand there, their cells cut.
             */
            sample: string[][];
        };
        /**
         * InsertRequest
         * @description Rows to insert: all of them or none.
         */
        InsertRequest: {
            /**
             * Rows
             * @description Values by column each; what is left out is empty.
             */
            rows: {
                [key: string]: unknown;
            }[];
        };
        /**
         * InsertedResponse
         * @description Rows that were inserted.
         */
        InsertedResponse: {
            /**
             * Items
             * @description The rows, in their order.
             */
            items: components["schemas"]["RowResponse"][];
        };
        /**
         * Item
         * @description One item: its JSON object and, where it has any, its binary data by name.
         */
        Item: {
            /**
             * Json
             * @description Its data.
             */
            json: {
                [key: string]: unknown;
            };
            /**
             * Binary
             * @description Its binary data, by name.
             */
            binary?: {
                [key: string]: components["schemas"]["Binary"];
            };
        };
        /**
         * ItemsResponse
         * @description A page of items; `total` counts all of the port.
         */
        ItemsResponse: {
            /**
             * Items
             * @description The items of this page.
             */
            items: {
                [key: string]: unknown;
            }[];
            /**
             * Total
             * @description How many the port has.
             */
            total: number;
        };
        /**
         * LastExecution
         * @description The latest execution of a workflow.
         */
        LastExecution: {
            /**
             * Id
             * Format: uuid
             * @description Names the execution in paths.
             */
            id: string;
            /**
             * Status
             * @description As in an execution.
             */
            status: string;
            /**
             * Startedat
             * Format: date-time
             * @description When it began.
             */
            startedAt: string;
            /**
             * Endedat
             * @description When it ended; null until then.
             */
            endedAt: string | null;
        };
        /**
         * LatestNodeRun
         * @description A node's latest run. `runs` is there for nodes in loops.
         *
         *     `source` is there where its output was not made in this execution: `{"kind": "pinned"}` or `{"kind": "execution",
         *     "executionId"}`.
         */
        LatestNodeRun: {
            /**
             * Nodeid
             * @description The node.
             */
            nodeId: string;
            /**
             * Iteration
             * @description The round of its loops; empty outside of them.
             */
            iteration: string;
            /**
             * Attempt
             * @description How many times it was tried, this one too.
             */
            attempt: number;
            /**
             * Status
             * @description `running`, `retrying`, `waiting`, `succeeded` or `failed`.
             */
            status: string;
            /**
             * Startedat
             * Format: date-time
             * @description When it began.
             */
            startedAt: string;
            /**
             * Endedat
             * @description When it ended; null until then.
             */
            endedAt: string | null;
            /**
             * Durationms
             * @description How long it took, in milliseconds; null until it has ended.
             */
            durationMs: number | null;
            /**
             * Input
             * @description What went in: batches by port, one for each edge.
             */
            input: {
                [key: string]: unknown;
            } | null;
            /**
             * Output
             * @description What came out: a batch by port; null where nothing has yet.
             */
            output: {
                [key: string]: unknown;
            } | null;
            /**
             * Error
             * @description Why it failed; null where it did not.
             */
            error: {
                [key: string]: unknown;
            } | null;
            /**
             * Waiting
             * @description What it waits for and until when; null where it does not. `kind` is `time`, `callback`, `approval`, `form` or `workflow`. A wait for a workflow has `workflowId`, `workflowName`, `executionId` and `expiresAt`; with an execution for each item also their number (`executions`) and the first ten (`executionIds`, in the order of the items).
             */
            waiting?: {
                [key: string]: unknown;
            } | null;
            /** @description What it used, over all of its attempts; of a node's latest run in an execution, over all of the node's runs, too; null for nothing. */
            usage?: components["schemas"]["UsageResponse"] | null;
            /** @description How many runs the node has; null outside of loops. */
            runs: components["schemas"]["RunCounts"] | null;
            /**
             * Source
             * @description Where its output is from; null where the node made it here.
             */
            source: {
                [key: string]: string;
            } | null;
        };
        /**
         * ListenResponse
         * @description What came of listening.
         */
        ListenResponse: {
            /**
             * Id
             * @description Names it in paths; null where nothing goes on, as things were fetched at once.
             */
            id: string | null;
            /**
             * State
             * @description `heard`: the items are there; `waiting`: the provider has told of nothing yet; `timedOut`: it did not in time.
             * @enum {string}
             */
            state: "heard" | "waiting" | "timedOut";
            /**
             * Until
             * @description Until when it listens; null where nothing goes on.
             */
            until: string | null;
            /**
             * Items
             * @description What the trigger would start the workflow with; empty where nothing is there, or nothing came yet.
             */
            items: {
                [key: string]: unknown;
            }[];
        };
        /**
         * LoginRequest
         * @description A login.
         */
        LoginRequest: {
            /**
             * Email
             * Format: email
             * @description The address one registered with.
             */
            email: string;
            /**
             * Password
             * @description The password.
             */
            password: string;
        };
        /**
         * MeResponse
         * @description Who is logged in, where, and as what.
         */
        MeResponse: {
            /** @description The user. */
            user: components["schemas"]["UserResponse"];
            /** @description The workspace. */
            tenant: components["schemas"]["TenantResponse"];
            /**
             * Role
             * @description `owner`, `admin`, `editor` or `viewer`.
             */
            role: string;
        };
        /**
         * MemberResponse
         * @description Somebody in the workspace, and what they may do (`api.permissions`).
         */
        MemberResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names the user.
             */
            id: string;
            /**
             * Email
             * @description Their address, in lower case.
             */
            email: string;
            /**
             * Name
             * @description What others see.
             */
            name: string;
            /**
             * Role
             * @description `owner`, `admin`, `editor` or `viewer`.
             */
            role: string;
        };
        /**
         * MembersResponse
         * @description Everybody in the workspace, by name.
         */
        MembersResponse: {
            /**
             * Items
             * @description The members.
             */
            items: components["schemas"]["MemberResponse"][];
        };
        /**
         * NameRequest
         * @description A new name, of a person or a workspace.
         */
        NameRequest: {
            /**
             * Name
             * @description The new name.
             */
            name: string;
        };
        /**
         * NextFiresResponse
         * @description When the line would fire next; `error` says why it cannot be read.
         */
        NextFiresResponse: {
            /**
             * Next
             * @description When it would fire next; empty where the line cannot be read.
             */
            next: string[];
            /**
             * Error
             * @description Which field is at fault and what to write; null where none is.
             */
            error: string | null;
        };
        /**
         * NodeRunResponse
         * @description The latest attempt of a node. `input` maps ports to lists of batches, `output` ports to a batch.
         *
         *     `iteration` is empty outside loops, `3` in the fourth round, `3.0` in the first round of a loop within it. `waiting`
         *     (its `kind` and until when) is there while it waits.
         */
        NodeRunResponse: {
            /**
             * Nodeid
             * @description The node.
             */
            nodeId: string;
            /**
             * Iteration
             * @description The round of its loops; empty outside of them.
             */
            iteration: string;
            /**
             * Attempt
             * @description How many times it was tried, this one too.
             */
            attempt: number;
            /**
             * Status
             * @description `running`, `retrying`, `waiting`, `succeeded` or `failed`.
             */
            status: string;
            /**
             * Startedat
             * Format: date-time
             * @description When it began.
             */
            startedAt: string;
            /**
             * Endedat
             * @description When it ended; null until then.
             */
            endedAt: string | null;
            /**
             * Durationms
             * @description How long it took, in milliseconds; null until it has ended.
             */
            durationMs: number | null;
            /**
             * Input
             * @description What went in: batches by port, one for each edge.
             */
            input: {
                [key: string]: unknown;
            } | null;
            /**
             * Output
             * @description What came out: a batch by port; null where nothing has yet.
             */
            output: {
                [key: string]: unknown;
            } | null;
            /**
             * Error
             * @description Why it failed; null where it did not.
             */
            error: {
                [key: string]: unknown;
            } | null;
            /**
             * Waiting
             * @description What it waits for and until when; null where it does not. `kind` is `time`, `callback`, `approval`, `form` or `workflow`. A wait for a workflow has `workflowId`, `workflowName`, `executionId` and `expiresAt`; with an execution for each item also their number (`executions`) and the first ten (`executionIds`, in the order of the items).
             */
            waiting?: {
                [key: string]: unknown;
            } | null;
            /** @description What it used, over all of its attempts; of a node's latest run in an execution, over all of the node's runs, too; null for nothing. */
            usage?: components["schemas"]["UsageResponse"] | null;
        };
        /**
         * NodeRunsResponse
         * @description A node's runs in the order of their iterations. `next` is what `after` takes while more follow.
         */
        NodeRunsResponse: {
            /**
             * Items
             * @description The runs.
             */
            items: components["schemas"]["NodeRunResponse"][];
            /**
             * Next
             * @description What `after` takes for the next page; null on the last one.
             */
            next: string | null;
        };
        /**
         * NodeTypesResponse
         * @description The catalogue (docs/reference/catalog.json): node types and credential types.
         */
        NodeTypesResponse: {
            /**
             * Nodes
             * @description The node types, each with its ports, form and documentation.
             */
            nodes: {
                [key: string]: unknown;
            }[];
            /**
             * Credentials
             * @description The credential types, each with its form.
             */
            credentials: {
                [key: string]: unknown;
            }[];
        };
        /**
         * OptionResponse
         * @description A choice.
         */
        OptionResponse: {
            /**
             * Value
             * @description What the field then holds.
             */
            value: string;
            /**
             * Label
             * @description What people read.
             */
            label: string;
            /**
             * Detail
             * @description What is said beside it: a type, a description; empty where there is nothing to say.
             */
            detail: string;
            /**
             * Required
             * @description Of choices that a mapping makes rows of: whether the row must be filled in.
             */
            required: boolean;
        };
        /**
         * OptionsRequest
         * @description Which choices are wanted: of which field, beside which values of the others.
         */
        OptionsRequest: {
            /**
             * Version
             * @description The version of the node type.
             * @default 1
             */
            version: number;
            /**
             * Field
             * @description The field; of one in rows `rows.name`.
             */
            field: string;
            /**
             * Params
             * @description The node's parameters as they stand in its form; only those that the choices depend on are looked at.
             */
            params?: {
                [key: string]: unknown;
            };
            /**
             * Search
             * @description What the choices should contain; without effect where the field does not search.
             * @default
             */
            search: string;
            /**
             * Page
             * @description `next` of the page before; null for the first page.
             */
            page?: string | null;
            /**
             * Reload
             * @description Whether what was loaded shortly before does not count.
             * @default false
             */
            reload: boolean;
        };
        /**
         * OptionsResponse
         * @description A page of choices.
         */
        OptionsResponse: {
            /**
             * Options
             * @description The choices, as the provider orders them.
             */
            options: components["schemas"]["OptionResponse"][];
            /**
             * Next
             * @description What `page` takes for the next page; null on the last one.
             */
            next: string | null;
            /**
             * Cut
             * @description Whether the provider has more than a page may have, and does not tell page by page.
             */
            cut: boolean;
        };
        /**
         * Page[ApprovalSummary]
         * @description A page of a list.
         */
        Page_ApprovalSummary_: {
            /**
             * Items
             * @description The rows of this page.
             */
            items: components["schemas"]["ApprovalSummary"][];
            /**
             * Nextcursor
             * @description What `cursor` takes for the next page; null on the last one.
             */
            nextCursor?: string | null;
        };
        /**
         * Page[ExecutionSummary]
         * @description A page of a list.
         */
        Page_ExecutionSummary_: {
            /**
             * Items
             * @description The rows of this page.
             */
            items: components["schemas"]["ExecutionSummary"][];
            /**
             * Nextcursor
             * @description What `cursor` takes for the next page; null on the last one.
             */
            nextCursor?: string | null;
        };
        /**
         * Page[TalkSummary]
         * @description A page of a list.
         */
        Page_TalkSummary_: {
            /**
             * Items
             * @description The rows of this page.
             */
            items: components["schemas"]["TalkSummary"][];
            /**
             * Nextcursor
             * @description What `cursor` takes for the next page; null on the last one.
             */
            nextCursor?: string | null;
        };
        /**
         * Page[WorkflowSummary]
         * @description A page of a list.
         */
        Page_WorkflowSummary_: {
            /**
             * Items
             * @description The rows of this page.
             */
            items: components["schemas"]["WorkflowSummary"][];
            /**
             * Nextcursor
             * @description What `cursor` takes for the next page; null on the last one.
             */
            nextCursor?: string | null;
        };
        /**
         * ParentRun
         * @description The node run that called an execution.
         */
        ParentRun: {
            /**
             * Executionid
             * Format: uuid
             * @description The execution that called.
             */
            executionId: string;
            /**
             * Nodeid
             * @description Its node that called.
             */
            nodeId: string;
            /**
             * Iteration
             * @description The round of that node's loops; empty outside of them.
             */
            iteration: string;
        };
        /**
         * PasswordRequest
         * @description A new password, and the one it replaces.
         */
        PasswordRequest: {
            /**
             * Currentpassword
             * @description The password one has.
             */
            currentPassword: string;
            /**
             * Newpassword
             * @description The one to have from now on.
             */
            newPassword: string;
        };
        /**
         * PollResponse
         * @description A published trigger that polls.
         */
        PollResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names it in paths, as a schedule's does.
             */
            id: string;
            /**
             * Workflowid
             * Format: uuid
             * @description The workflow that it starts.
             */
            workflowId: string;
            /**
             * Workflowname
             * @description Its name.
             */
            workflowName: string;
            /**
             * Workflowenabled
             * @description Whether the workflow is switched on.
             */
            workflowEnabled: boolean;
            /**
             * Nodeid
             * @description The trigger node.
             */
            nodeId: string;
            /**
             * Nodename
             * @description Its name.
             */
            nodeName: string;
            /**
             * Nodetype
             * @description Its type.
             */
            nodeType: string;
            /**
             * Expression
             * @description How often it asks: a rate.
             */
            expression: string;
            /**
             * Enabled
             * @description Whether it asks: false while it is paused.
             */
            enabled: boolean;
            /**
             * Lastpolledat
             * @description When it was answered last; null for never.
             */
            lastPolledAt: string | null;
            /**
             * Failures
             * @description How many times in a row it was not answered.
             */
            failures: number;
            /**
             * Retryat
             * @description Before when it is not asked again; null where it does not fail.
             */
            retryAt: string | null;
            /**
             * Lasterror
             * @description Why it was not answered: `type`, `message`, and a `remedy` where there is one; null where it was.
             */
            lastError: {
                [key: string]: unknown;
            } | null;
            /** @description What a trigger of an app started last in the workflow; null for nothing yet. */
            lastExecution: components["schemas"]["LastExecution"] | null;
        };
        /**
         * PortRequest
         * @description An output port that leads to the node whose expression it is.
         */
        PortRequest: {
            /**
             * Nodeid
             * @description The node that the port is of.
             */
            nodeId: string;
            /**
             * Port
             * @description The port's name.
             * @default main
             */
            port: string;
        };
        /**
         * PreviewError
         * @description Why it gives nothing. `position` is where in `text`, in code points, where known.
         */
        PreviewError: {
            /**
             * Message
             * @description What is wrong, for people.
             */
            message: string;
            /**
             * Position
             * @description Where in `text`, in code points; null where that is not known.
             */
            position: number | null;
        };
        /**
         * PreviewRequest
         * @description An expression, and where its data is from.
         *
         *     `input` are the ports that lead to the node, in edge order; `names` the nodes before it, name to id; `pinned` the
         *     outputs of those whose data is pinned, which are taken before those of the execution.
         */
        PreviewRequest: {
            /**
             * Text
             * @description A field's text with `{{ ... }}` in it.
             */
            text: string;
            /**
             * Index
             * @description For which item of the input.
             * @default 0
             */
            index: number;
            /**
             * Executionid
             * @description The execution whose data is taken; null for pinned data alone.
             */
            executionId?: string | null;
            /**
             * Input
             * @description The ports that lead to the node.
             */
            input?: components["schemas"]["PortRequest"][];
            /**
             * Names
             * @description The nodes before it: name to id.
             */
            names?: {
                [key: string]: string;
            };
            /**
             * Pinned
             * @description Outputs that are pinned: node id to port to items.
             */
            pinned?: {
                [key: string]: {
                    [key: string]: unknown[];
                };
            };
            /**
             * Workflowid
             * @description What `$workflow.id` is.
             * @default
             */
            workflowId: string;
            /**
             * Workflowname
             * @description What `$workflow.name` is.
             * @default
             */
            workflowName: string;
            /**
             * Timezone
             * @description Which zone `$now` and `$today` are in.
             * @default UTC
             */
            timeZone: string;
        };
        /**
         * PreviewResponse
         * @description What it gives: `value` (null where `error` is there), for item `index` of `count`.
         *
         *     `partial` says that there are more items than were looked at; `cut` that the value was too long and is its beginning
         *     as text; `missing` names the nodes that have no data yet.
         */
        PreviewResponse: {
            /**
             * Value
             * @description What the expression gives; null where it fails.
             */
            value: unknown;
            /** @description Why it gives nothing; null where it gives something. */
            error: components["schemas"]["PreviewError"] | null;
            /**
             * Count
             * @description How many items the input has.
             */
            count: number;
            /**
             * Partial
             * @description Whether there are more items than were looked at.
             */
            partial: boolean;
            /**
             * Cut
             * @description Whether `value` is only the beginning of what it gives, as text.
             */
            cut: boolean;
            /**
             * Missing
             * @description Names of nodes that have no data yet.
             */
            missing: string[];
        };
        /**
         * PriceRequest
         * @description What a model costs the workspace.
         */
        PriceRequest: {
            /**
             * Provider
             * @description The type of the credentials that the price is for.
             * @enum {string}
             */
            provider: "openai" | "anthropic" | "bedrock";
            /**
             * Model
             * @description The model, as the provider writes it; a version's date at its end may be left out.
             */
            model: string;
            /** @description The price; at least `input` or `minute`. */
            rates: components["schemas"]["Rates"];
        };
        /**
         * PriceResponse
         * @description A model's price: that of the list, and the workspace's own, which counts where it is there.
         */
        PriceResponse: {
            /**
             * Provider
             * @description The type of the credentials that it is for.
             */
            provider: string;
            /**
             * Model
             * @description The model.
             */
            model: string;
            /** @description What the provider asks; null where it is not known. */
            listed: components["schemas"]["Rates"] | null;
            /** @description What the workspace has set; null for none. */
            own: components["schemas"]["Rates"] | null;
            /**
             * Updatedat
             * @description When the workspace set it; null where it has not.
             */
            updatedAt: string | null;
        };
        /**
         * PriceSource
         * @description Where the list of a provider is from.
         */
        PriceSource: {
            /**
             * Provider
             * @description The provider.
             */
            provider: string;
            /**
             * Source
             * @description Where its prices are written, and of when they are.
             */
            source: string;
        };
        /**
         * PricesResponse
         * @description All prices, those of the workspace first.
         */
        PricesResponse: {
            /**
             * Items
             * @description The prices, by provider and model.
             */
            items: components["schemas"]["PriceResponse"][];
            /**
             * Sources
             * @description Where the lists are from.
             */
            sources: components["schemas"]["PriceSource"][];
        };
        /**
         * PublishRequest
         * @description What to say about a version.
         */
        PublishRequest: {
            /**
             * Note
             * @description What to say about the version.
             * @default
             */
            note: string;
        };
        /**
         * Rates
         * @description A price: decimal texts, in US dollars. What is null is not sold so.
         */
        Rates: {
            /**
             * Input
             * @description For a million tokens of input.
             */
            input?: string | null;
            /**
             * Cached
             * @description For a million tokens of input that the provider had already; null for as much as `input`.
             */
            cached?: string | null;
            /**
             * Output
             * @description For a million tokens of output.
             */
            output?: string | null;
            /**
             * Audio
             * @description For a million tokens of sound; null for as much as `input`.
             */
            audio?: string | null;
            /**
             * Minute
             * @description For a minute of audio, where it is sold by time.
             */
            minute?: string | null;
        };
        /**
         * ReadyResponse
         * @description Each dependency: `ok`, or what is wrong with it.
         */
        ReadyResponse: {
            /**
             * Status
             * @description `ok`, or `failing`.
             */
            status: string;
            /**
             * Checks
             * @description Of each dependency `ok`, or what is wrong.
             */
            checks: {
                [key: string]: string;
            };
        };
        /**
         * RegisterRequest
         * @description A new user with a tenant of their own.
         */
        RegisterRequest: {
            /**
             * Email
             * Format: email
             * @description The address to log in with.
             */
            email: string;
            /**
             * Password
             * @description At least 10 characters, at most 72 bytes, and not the address.
             */
            password: string;
            /**
             * Name
             * @description What others see.
             */
            name: string;
            /**
             * Tenantname
             * @description What the workspace is called.
             */
            tenantName: string;
        };
        /**
         * RegistrationResponse
         * @description A trigger with code: one at its provider, or one that polls.
         */
        RegistrationResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names it.
             */
            id: string;
            /**
             * Nodeid
             * @description The trigger node.
             */
            nodeId: string;
            /**
             * Type
             * @description Its type.
             */
            type: string;
            /**
             * Status
             * @description `active`; `leaving`: to be taken away at the provider; `failed`: to be taken away there by a person.
             */
            status: string;
            /**
             * Url
             * @description Where the provider calls it; null for one that polls.
             */
            url: string | null;
            /**
             * Createdat
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /**
             * Lastreceivedat
             * @description When the provider called it last; null for never.
             */
            lastReceivedAt: string | null;
            /**
             * Lastpolledat
             * @description When what it polls was answered last; null for never, and for one that does not poll.
             */
            lastPolledAt: string | null;
            /**
             * Lasterror
             * @description What went wrong last: `type`, `message`, and a `remedy` where there is one; null where nothing did.
             */
            lastError: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * RowCondition
         * @description What a row must meet.
         */
        RowCondition: {
            /**
             * Column
             * @description The column's name, or `id`, `createdAt`, `updatedAt`.
             */
            column: string;
            /**
             * Operator
             * @description Such as `equals`, `contains`, `greater`, `isEmpty`; which there are depends on the column's type.
             * @default equals
             */
            operator: string;
            /**
             * Value
             * @description What is compared with.
             */
            value?: unknown;
            /**
             * Ignorecase
             * @description Whether upper and lower case are the same.
             * @default false
             */
            ignoreCase: boolean;
        };
        /**
         * RowOrder
         * @description One step of an order.
         */
        RowOrder: {
            /**
             * Column
             * @description The column's name, or `id`, `createdAt`, `updatedAt`.
             */
            column: string;
            /**
             * Direction
             * @description Which way; empty values come last.
             * @default ascending
             * @enum {string}
             */
            direction: "ascending" | "descending";
        };
        /**
         * RowRequest
         * @description What is changed in a row.
         */
        RowRequest: {
            /**
             * Values
             * @description Values by column; null empties one, and what is left out stays.
             */
            values: {
                [key: string]: unknown;
            };
        };
        /**
         * RowResponse
         * @description A row.
         */
        RowResponse: {
            /**
             * Id
             * @description Its number in the table, from 1.
             */
            id: number;
            /**
             * Values
             * @description Its values by column, null where there is none; dates in UTC. Whole numbers beyond 2^53 are text.
             */
            values: {
                [key: string]: unknown;
            };
            /**
             * Createdat
             * @description When it was inserted.
             */
            createdAt: string;
            /**
             * Updatedat
             * @description When it was last changed.
             */
            updatedAt: string;
        };
        /**
         * RowsRequest
         * @description Which rows are wanted.
         */
        RowsRequest: {
            /**
             * Conditions
             * @description What they must meet.
             */
            conditions?: components["schemas"]["RowCondition"][];
            /**
             * Match
             * @description Whether all conditions must hold, or any.
             * @default all
             * @enum {string}
             */
            match: "all" | "any";
            /**
             * Sort
             * @description Their order; without one that of their ids.
             */
            sort?: components["schemas"]["RowOrder"][];
            /**
             * Limit
             * @description How many a page has at most.
             * @default 50
             */
            limit: number;
            /**
             * Skip
             * @description How many come before the page.
             * @default 0
             */
            skip: number;
        };
        /**
         * RowsResponse
         * @description A page of rows.
         */
        RowsResponse: {
            /**
             * Items
             * @description The rows, fewer than asked for where they are large.
             */
            items: components["schemas"]["RowResponse"][];
            /**
             * Total
             * @description How many rows meet the conditions.
             */
            total: number;
        };
        /**
         * RunCounts
         * @description How many runs a node has in loops. Those that neither succeeded nor failed are under way.
         */
        RunCounts: {
            /**
             * Total
             * @description All runs of the node.
             */
            total: number;
            /**
             * Succeeded
             * @description Those that succeeded.
             */
            succeeded: number;
            /**
             * Failed
             * @description Those that failed.
             */
            failed: number;
        };
        /**
         * RunRequest
         * @description What to run: the draft or the published version, from which trigger, with which items, and which part of it.
         *
         *     Without `items` it starts with those of `fromExecutionId`, else with what the trigger gives of itself (a
         *     manual one: *Start with*; others an empty item of theirs). With `pinned`, nodes of a draft
         *     that have pinned data give that instead of running. `startNodeId` runs that node and what follows, everything else
         *     gives what it gave in `fromExecutionId`; `untilNodeId` runs it and what leads to it; `onlyNodeId` runs it alone.
         */
        RunRequest: {
            /**
             * Mode
             * @description The draft, or the published version.
             * @default draft
             * @enum {string}
             */
            mode: "draft" | "live";
            /**
             * Triggernodeid
             * @description The trigger to start at; without it the one that fired in `fromExecutionId`, else the manual one, else the first.
             */
            triggerNodeId?: string | null;
            /**
             * Items
             * @description What it starts with.
             */
            items?: components["schemas"]["Item"][] | null;
            /**
             * Pinned
             * @description Whether pinned data of a draft's nodes is taken.
             * @default true
             */
            pinned: boolean;
            /**
             * Fromexecutionid
             * @description An earlier execution whose data is taken.
             */
            fromExecutionId?: string | null;
            /**
             * Startnodeid
             * @description Run this node and what follows.
             */
            startNodeId?: string | null;
            /**
             * Untilnodeid
             * @description Run this node and what leads to it.
             */
            untilNodeId?: string | null;
            /**
             * Onlynodeid
             * @description Run this node alone.
             */
            onlyNodeId?: string | null;
        };
        /**
         * RunResponse
         * @description A started execution.
         */
        RunResponse: {
            /**
             * Executionid
             * Format: uuid
             * @description Names the execution in paths.
             */
            executionId: string;
        };
        /**
         * SaveRequest
         * @description A draft, and the revision it was made from.
         */
        SaveRequest: {
            /**
             * Document
             * @description The new draft.
             */
            document: {
                [key: string]: unknown;
            };
            /**
             * Revision
             * @description The revision that it was made from.
             */
            revision: number;
        };
        /**
         * ScheduleChange
         * @description Whether a schedule fires.
         */
        ScheduleChange: {
            /**
             * Enabled
             * @description Whether it fires from now on.
             */
            enabled: boolean;
        };
        /**
         * ScheduleResponse
         * @description A published schedule. `next` is empty while it or its workflow is paused.
         */
        ScheduleResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names the schedule in paths.
             */
            id: string;
            /**
             * Workflowid
             * Format: uuid
             * @description The workflow that it starts.
             */
            workflowId: string;
            /**
             * Workflowname
             * @description Its name.
             */
            workflowName: string;
            /**
             * Workflowenabled
             * @description Whether the workflow is switched on.
             */
            workflowEnabled: boolean;
            /**
             * Nodeid
             * @description The trigger node.
             */
            nodeId: string;
            /**
             * Nodename
             * @description Its name.
             */
            nodeName: string;
            /**
             * Expression
             * @description When it fires: a cron line or a rate.
             */
            expression: string;
            /**
             * Timezone
             * @description The IANA zone that the line is meant in.
             */
            timeZone: string;
            /**
             * Enabled
             * @description Whether it fires: false while it is paused.
             */
            enabled: boolean;
            /**
             * Next
             * @description When it fires next, at most five times.
             */
            next: string[];
            /** @description What it started last; null for nothing yet. */
            lastExecution: components["schemas"]["LastExecution"] | null;
        };
        /**
         * SchedulesResponse
         * @description All schedules, and all triggers that poll.
         */
        SchedulesResponse: {
            /**
             * Items
             * @description The schedules, those that fire soonest first.
             */
            items: components["schemas"]["ScheduleResponse"][];
            /**
             * Polls
             * @description The triggers that poll, those that fail first.
             */
            polls: components["schemas"]["PollResponse"][];
        };
        /**
         * SessionResponse
         * @description A session: an access token for `expiresIn` seconds; the refresh token is in a cookie.
         */
        SessionResponse: {
            /** @description The user. */
            user: components["schemas"]["UserResponse"];
            /** @description The workspace. */
            tenant: components["schemas"]["TenantResponse"];
            /**
             * Role
             * @description `owner`, `admin`, `editor` or `viewer`.
             */
            role: string;
            /**
             * Accesstoken
             * @description Goes into `Authorization: Bearer ...`.
             */
            accessToken: string;
            /**
             * Expiresin
             * @description Seconds until the access token has expired.
             */
            expiresIn: number;
        };
        /**
         * SpendingResponse
         * @description What was spent on language models in a month.
         */
        SpendingResponse: {
            /**
             * Month
             * @description The month, in UTC: `2026-11`.
             */
            month: string;
            /**
             * Renewsat
             * Format: date-time
             * @description When the budgets of the month that runs now begin anew.
             */
            renewsAt: string;
            /** @description What all workflows spent. */
            spent: components["schemas"]["SpentResponse"];
            /** @description What the workspace may spend in a month. */
            budget: components["schemas"]["BudgetResponse"];
            /**
             * Workflows
             * @description The workflows that spent something, most first; 100 at most.
             */
            workflows: components["schemas"]["WorkflowSpending"][];
        };
        /**
         * SpentResponse
         * @description What was spent on language models.
         */
        SpentResponse: {
            /**
             * Tokens
             * @description Tokens, sent and answered.
             */
            tokens: number;
            /**
             * Money
             * @description US dollars, as decimal text, which is exact.
             */
            money: string;
            /**
             * Answers
             * @description How many answers there were.
             */
            answers: number;
            /**
             * Unpriced
             * @description How many of them were of models whose price is not known; the money is without them.
             */
            unpriced: number;
        };
        /**
         * StepCounts
         * @description How many of an execution's nodes are done (succeeded or failed), run, and wait for something.
         */
        StepCounts: {
            /**
             * Done
             * @description Nodes that have ended.
             */
            done: number;
            /**
             * Running
             * @description Nodes that run.
             */
            running: number;
            /**
             * Waiting
             * @description Nodes that wait for somebody or something.
             */
            waiting: number;
        };
        /**
         * StoreResponse
         * @description A store, which is there while it has keys.
         */
        StoreResponse: {
            /**
             * Name
             * @description What nodes call it by.
             */
            name: string;
            /**
             * Keys
             * @description How many keys it has.
             */
            keys: number;
        };
        /**
         * StoresResponse
         * @description All stores.
         */
        StoresResponse: {
            /**
             * Items
             * @description The stores, by name.
             */
            items: components["schemas"]["StoreResponse"][];
        };
        /**
         * TableNameRequest
         * @description What a table is to be called.
         */
        TableNameRequest: {
            /**
             * Name
             * @description The name; unique, whatever the case. Nodes that name the table must follow.
             */
            name: string;
        };
        /**
         * TableRequest
         * @description A table that is to be there.
         */
        TableRequest: {
            /**
             * Name
             * @description What it is called; unique, whatever the case.
             */
            name: string;
            /**
             * Columns
             * @description Its columns, in their order.
             */
            columns?: components["schemas"]["ColumnRequest"][];
        };
        /**
         * TableResponse
         * @description A table.
         */
        TableResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names the table in paths.
             */
            id: string;
            /**
             * Name
             * @description What nodes call it by.
             */
            name: string;
            /**
             * Columns
             * @description Its columns, in their order.
             */
            columns: components["schemas"]["ColumnResponse"][];
            /**
             * Rows
             * @description How many rows it has.
             */
            rows: number;
            /**
             * Updatedat
             * Format: date-time
             * @description When the table itself was last changed.
             */
            updatedAt: string;
        };
        /**
         * TablesResponse
         * @description All tables.
         */
        TablesResponse: {
            /**
             * Items
             * @description The tables, by name.
             */
            items: components["schemas"]["TableResponse"][];
        };
        /**
         * TagRequest
         * @description A tag's name and colour.
         */
        TagRequest: {
            /**
             * Name
             * @description What it is called; unique, whatever the case.
             */
            name: string;
            /**
             * Color
             * @description Its colour in the app.
             * @default gray
             * @enum {string}
             */
            color: "gray" | "indigo" | "blue" | "teal" | "green" | "amber" | "red";
        };
        /**
         * TagResponse
         * @description A tag, and how many workflows have it.
         */
        TagResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names the tag in paths.
             */
            id: string;
            /**
             * Name
             * @description What it is called.
             */
            name: string;
            /**
             * Color
             * @description Its colour in the app.
             * @enum {string}
             */
            color: "gray" | "indigo" | "blue" | "teal" | "green" | "amber" | "red";
            /**
             * Workflows
             * @description How many workflows have it.
             */
            workflows: number;
        };
        /**
         * TagsResponse
         * @description All tags, by name.
         */
        TagsResponse: {
            /**
             * Items
             * @description The tags.
             */
            items: components["schemas"]["TagResponse"][];
        };
        /**
         * TalkMessage
         * @description A message of a talk.
         */
        TalkMessage: {
            /**
             * Id
             * @description Its number; numbers go up.
             */
            id: number;
            /**
             * Role
             * @description Who said it.
             * @enum {string}
             */
            role: "user" | "assistant";
            /**
             * Content
             * @description Its words.
             */
            content: string;
            /**
             * More
             * @description What else was remembered with it, as an agent's tool calls.
             */
            more: {
                [key: string]: unknown;
            };
            /**
             * At
             * Format: date-time
             * @description When it was remembered.
             */
            at: string;
        };
        /**
         * TalkMessages
         * @description A page of a talk's messages, oldest first.
         */
        TalkMessages: {
            /**
             * Items
             * @description The messages of this page.
             */
            items: components["schemas"]["TalkMessage"][];
            /**
             * Nextbefore
             * @description What `before` takes for the messages before these; null where there are none.
             */
            nextBefore: number | null;
        };
        /**
         * TalkResponse
         * @description A talk, without its messages.
         */
        TalkResponse: {
            /**
             * Id
             * Format: uuid
             * @description The talk.
             */
            id: string;
            /**
             * Session
             * @description Its session key.
             */
            session: string;
            /**
             * Workflowid
             * @description The workflow that it belongs to; null where its memory is shared.
             */
            workflowId: string | null;
            /**
             * Workflowname
             * @description What the workflow is called; null where the memory is shared, or the workflow is deleted.
             */
            workflowName: string | null;
            /**
             * Shared
             * @description The name of the memory that workflows share; empty for the workflow's own.
             */
            shared: string;
            /**
             * Messages
             * @description How many messages it has.
             */
            messages: number;
            /**
             * Last
             * @description The beginning of what was said last.
             */
            last: string;
            /**
             * Createdat
             * Format: date-time
             * @description When it began.
             */
            createdAt: string;
            /**
             * Updatedat
             * Format: date-time
             * @description When something was last said.
             */
            updatedAt: string;
            /**
             * Expiresat
             * @description When it is forgotten, if nothing is said until then; null for never.
             */
            expiresAt: string | null;
            /**
             * Summary
             * @description What its older messages came to, as a model wrote it; empty where there is no summary.
             */
            summary: string;
            /**
             * Bytes
             * @description How large its messages are.
             */
            bytes: number;
        };
        /**
         * TalkSummary
         * @description A talk in a list.
         */
        TalkSummary: {
            /**
             * Id
             * Format: uuid
             * @description The talk.
             */
            id: string;
            /**
             * Session
             * @description Its session key.
             */
            session: string;
            /**
             * Workflowid
             * @description The workflow that it belongs to; null where its memory is shared.
             */
            workflowId: string | null;
            /**
             * Workflowname
             * @description What the workflow is called; null where the memory is shared, or the workflow is deleted.
             */
            workflowName: string | null;
            /**
             * Shared
             * @description The name of the memory that workflows share; empty for the workflow's own.
             */
            shared: string;
            /**
             * Messages
             * @description How many messages it has.
             */
            messages: number;
            /**
             * Last
             * @description The beginning of what was said last.
             */
            last: string;
            /**
             * Createdat
             * Format: date-time
             * @description When it began.
             */
            createdAt: string;
            /**
             * Updatedat
             * Format: date-time
             * @description When something was last said.
             */
            updatedAt: string;
            /**
             * Expiresat
             * @description When it is forgotten, if nothing is said until then; null for never.
             */
            expiresAt: string | null;
        };
        /**
         * TenantResponse
         * @description A tenant; `slug` is the first part of its webhooks' paths.
         */
        TenantResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names the workspace.
             */
            id: string;
            /**
             * Name
             * @description What it is called.
             */
            name: string;
            /**
             * Slug
             * @description The first part of its webhooks' paths; it stays when the name changes.
             */
            slug: string;
        };
        /**
         * TicketResponse
         * @description A ticket for one WebSocket connection to `url`, good once and for `expiresIn` seconds.
         */
        TicketResponse: {
            /**
             * Ticket
             * @description Goes into the URL's query: `?ticket=...`.
             */
            ticket: string;
            /**
             * Url
             * @description Where to connect.
             */
            url: string;
            /**
             * Expiresin
             * @description Seconds until the ticket has expired.
             */
            expiresIn: number;
        };
        /**
         * TokensUsed
         * @description Tokens of a language model.
         */
        TokensUsed: {
            /**
             * Input
             * @description Tokens that were sent, with those that were cached.
             */
            input: number;
            /**
             * Output
             * @description Tokens that came.
             */
            output: number;
            /**
             * Cached
             * @description Those of the input that the provider had already.
             */
            cached: number;
        };
        /**
         * ToolResponse
         * @description The tool that an agent wants to call.
         */
        ToolResponse: {
            /**
             * Nodeid
             * @description The node that begins it.
             */
            nodeId: string;
            /**
             * Name
             * @description Its name.
             */
            name: string;
        };
        /**
         * TriggerChange
         * @description Whether a trigger starts executions.
         */
        TriggerChange: {
            /**
             * Enabled
             * @description Whether it does from now on. Publishing again leaves it as it is, unpublishing switches it on.
             */
            enabled: boolean;
        };
        /**
         * TriggerCheckResponse
         * @description What a test call of a trigger found.
         */
        TriggerCheckResponse: {
            /**
             * Nodeid
             * @description The trigger node.
             */
            nodeId: string;
            /**
             * Nodename
             * @description Its name.
             */
            nodeName: string;
            /**
             * Kind
             * @description What starts it, as of `TriggerResponse`.
             */
            kind: string;
            /**
             * Outcome
             * @description `answered`: its address, or its list, answers and leads here. `waits`: there is nothing to call; a clock, a person or another workflow starts it. `off`: it is switched off. `failed`: a call would not arrive.
             * @enum {string}
             */
            outcome: "answered" | "waits" | "off" | "failed";
            /**
             * Address
             * @description What was called; null where nothing was, and of addresses that are secret.
             */
            address: string | null;
            /**
             * Milliseconds
             * @description How long the answer took; null where nothing was called.
             */
            milliseconds: number | null;
            /**
             * Message
             * @description What was found, in words.
             */
            message: string;
            /**
             * Remedy
             * @description What to do; empty where there is nothing to do.
             */
            remedy: string;
            /**
             * Next
             * @description When a schedule fires next; null for others.
             */
            next: string | null;
        };
        /**
         * TriggerChecksResponse
         * @description What test calls of the published version's triggers found.
         */
        TriggerChecksResponse: {
            /**
             * Items
             * @description In the order of the document; none for a draft.
             */
            items: components["schemas"]["TriggerCheckResponse"][];
        };
        /**
         * TriggerResponse
         * @description A trigger of the published version. Counts and what was last are of the workflow's latest 2000 executions.
         */
        TriggerResponse: {
            /**
             * Nodeid
             * @description The trigger node.
             */
            nodeId: string;
            /**
             * Nodename
             * @description Its name.
             */
            nodeName: string;
            /**
             * Nodetype
             * @description Its type.
             */
            nodeType: string;
            /**
             * Kind
             * @description What starts it: `manual`, `webhook`, `schedule`, `app`, `workflow` or `error`.
             */
            kind: string;
            /**
             * Enabled
             * @description Whether it starts executions, where the workflow is switched on.
             */
            enabled: boolean;
            /**
             * Switchable
             * @description Whether it can be switched off by itself: all but what people start by hand.
             */
            switchable: boolean;
            /**
             * Next
             * @description When a schedule fires next, at most ten times; empty for others, and while it or the workflow is off.
             */
            next: string[];
            /**
             * Lastfiredat
             * @description When it started an execution last; null for never.
             */
            lastFiredAt: string | null;
            /** @description That execution. */
            lastExecution: components["schemas"]["LastExecution"] | null;
            /**
             * Lasterror
             * @description Why its last failure failed, of an execution or of a poll: `type`, `message`; null for none.
             */
            lastError: {
                [key: string]: unknown;
            } | null;
            /**
             * Lasterrorat
             * @description When that was.
             */
            lastErrorAt: string | null;
            /**
             * Started
             * @description How many executions it started within a day.
             */
            started: number;
            /**
             * Failed
             * @description How many of them failed.
             */
            failed: number;
            /**
             * Missed
             * @description Due times of a schedule at which nothing could start; null for other triggers.
             */
            missed: number | null;
            /**
             * Skipped
             * @description Due times of a schedule that were left out as an earlier execution still ran; null for other triggers.
             */
            skipped: number | null;
            /**
             * Lastskip
             * @description Why one was left out last.
             */
            lastSkip: string | null;
            /**
             * Lastskippedat
             * @description When that was.
             */
            lastSkippedAt: string | null;
        };
        /**
         * TriggersResponse
         * @description The triggers of the published version; none for a draft.
         */
        TriggersResponse: {
            /**
             * Items
             * @description In the order of the document.
             */
            items: components["schemas"]["TriggerResponse"][];
        };
        /**
         * UsageResponse
         * @description What was used, attempts that failed included: what they used is used.
         */
        UsageResponse: {
            /**
             * Requests
             * @description HTTP requests that were sent, redirects and repeated ones among them.
             * @default 0
             */
            requests: number;
            /**
             * Bytessent
             * @description Bytes of their bodies.
             * @default 0
             */
            bytesSent: number;
            /**
             * Bytesreceived
             * @description Bytes of the answers' bodies, as they came over the wire.
             * @default 0
             */
            bytesReceived: number;
            /**
             * Tokens
             * @description By the model's name.
             */
            tokens?: {
                [key: string]: components["schemas"]["TokensUsed"];
            };
            /**
             * Money
             * @description By the currency (ISO 4217), as decimal text, which is exact.
             */
            money?: {
                [key: string]: string;
            };
            /**
             * Counted
             * @description By a unit of the node's own, as decimal text.
             */
            counted?: {
                [key: string]: string;
            };
        };
        /**
         * UserResponse
         * @description A user.
         */
        UserResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names the user.
             */
            id: string;
            /**
             * Email
             * @description Their address, in lower case.
             */
            email: string;
            /**
             * Name
             * @description What others see.
             */
            name: string;
        };
        /**
         * VersionDocumentResponse
         * @description A published version with its document.
         */
        VersionDocumentResponse: {
            /**
             * Number
             * @description Names the version in paths; counts from 1.
             */
            number: number;
            /**
             * Note
             * @description What was said about it.
             */
            note: string;
            /**
             * Createdat
             * Format: date-time
             * @description When it was published.
             */
            createdAt: string;
            /**
             * Createdby
             * @description The user who published it; null where they are gone.
             */
            createdBy: string | null;
            /**
             * Author
             * @description Their name; null where they are gone.
             */
            author?: string | null;
            /**
             * Document
             * @description The document that was published.
             */
            document: {
                [key: string]: unknown;
            };
        };
        /**
         * VersionResponse
         * @description A published version, and the name of who made it where they are still a member.
         */
        VersionResponse: {
            /**
             * Number
             * @description Names the version in paths; counts from 1.
             */
            number: number;
            /**
             * Note
             * @description What was said about it.
             */
            note: string;
            /**
             * Createdat
             * Format: date-time
             * @description When it was published.
             */
            createdAt: string;
            /**
             * Createdby
             * @description The user who published it; null where they are gone.
             */
            createdBy: string | null;
            /**
             * Author
             * @description Their name; null where they are gone.
             */
            author?: string | null;
        };
        /**
         * VersionsResponse
         * @description All versions, the latest first.
         */
        VersionsResponse: {
            /**
             * Items
             * @description The versions.
             */
            items: components["schemas"]["VersionResponse"][];
        };
        /**
         * WebhookResponse
         * @description A published webhook, or the page of a published form.
         */
        WebhookResponse: {
            /**
             * Nodeid
             * @description The trigger node.
             */
            nodeId: string;
            /**
             * Method
             * @description The HTTP method that it answers; `FORM` for a form.
             */
            method: string;
            /**
             * Path
             * @description Its path, behind the workspace's slug.
             */
            path: string;
            /**
             * Url
             * @description Where to call it.
             */
            url: string;
        };
        /**
         * WorkflowResponse
         * @description A workflow with its draft.
         */
        WorkflowResponse: {
            /**
             * Id
             * Format: uuid
             * @description Names the workflow in paths.
             */
            id: string;
            /**
             * Name
             * @description What it is called.
             */
            name: string;
            /**
             * Document
             * @description The draft (docs/reference/contracts.md).
             */
            document: {
                [key: string]: unknown;
            };
            /**
             * Revision
             * @description Counts the draft's saves; what the next save is made from.
             */
            revision: number;
            /**
             * Publishedversion
             * @description The version that is live; null for a draft.
             */
            publishedVersion: number | null;
            /**
             * Enabled
             * @description Whether what is live is started by webhooks, schedules and other workflows.
             */
            enabled: boolean;
            /**
             * Createdat
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /**
             * Updatedat
             * Format: date-time
             * @description When its draft was saved last.
             */
            updatedAt: string;
            /**
             * Webhooks
             * @description The webhooks of what is live.
             */
            webhooks: components["schemas"]["WebhookResponse"][];
            /**
             * Registrations
             * @description Its triggers at providers: of what is live, and what is yet to be taken away there.
             */
            registrations: components["schemas"]["RegistrationResponse"][];
            /**
             * Diagnostics
             * @description What is wrong with the draft.
             */
            diagnostics: components["schemas"]["DiagnosticResponse"][];
        };
        /**
         * WorkflowSpending
         * @description What a workflow spent in the month.
         */
        WorkflowSpending: {
            /**
             * Workflowid
             * Format: uuid
             * @description The workflow.
             */
            workflowId: string;
            /**
             * Workflowname
             * @description What it is called; null where it is deleted.
             */
            workflowName: string | null;
            /** @description What it spent. */
            spent: components["schemas"]["SpentResponse"];
            /** @description What its draft says that it may spend in a month. */
            budget: components["schemas"]["BudgetResponse"];
        };
        /**
         * WorkflowSummary
         * @description A workflow in a list.
         */
        WorkflowSummary: {
            /**
             * Id
             * Format: uuid
             * @description Names the workflow in paths.
             */
            id: string;
            /**
             * Name
             * @description What it is called.
             */
            name: string;
            /**
             * Revision
             * @description Counts the draft's saves.
             */
            revision: number;
            /**
             * Publishedversion
             * @description The version that is live; null for a draft.
             */
            publishedVersion: number | null;
            /**
             * Enabled
             * @description Whether what is live is started by webhooks, schedules and other workflows.
             */
            enabled: boolean;
            /**
             * Createdat
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /**
             * Updatedat
             * Format: date-time
             * @description When its draft was saved last.
             */
            updatedAt: string;
            /**
             * Triggers
             * @description The types of its trigger nodes.
             */
            triggers: string[];
            /**
             * Nodecount
             * @description How many nodes it has.
             */
            nodeCount: number;
            /**
             * Folderid
             * @description The folder that it is in; null for none.
             */
            folderId: string | null;
            /**
             * Tagids
             * @description Its tags.
             */
            tagIds: string[];
            /** @description Its latest execution; null for none. */
            lastExecution: components["schemas"]["LastExecution"] | null;
            /** @description What it spent on language models this month (UTC); null for nothing. */
            monthCost: components["schemas"]["CostSummary"] | null;
        };
        /**
         * Problems
         * @description An RFC 9457 problem document.
         */
        Problems: {
            /**
             * Type
             * @description `about:blank`: the code says more than a URL would.
             */
            type: string;
            /**
             * Title
             * @description What the status means.
             */
            title: string;
            /**
             * Status
             * @description The HTTP status.
             */
            status: number;
            /**
             * Detail
             * @description What is wrong and what to do, for people.
             */
            detail: string;
            /**
             * Instance
             * @description The path that was asked for.
             */
            instance: string;
            /**
             * Code
             * @description Which refusal it is, for programs; stable.
             */
            code: string;
            /**
             * Errors
             * @description The fields at fault: `field` and `message` each.
             * @default null
             */
            errors: {
                [key: string]: string;
            }[] | null;
        } & {
            [key: string]: unknown;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterRequest"];
            };
        };
        responses: {
            /** @description A session: an access token for `expiresIn` seconds; the refresh token is in a cookie. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `email_taken`: There is an account with this address already.
             *     `tenant_taken`: No path could be found for a workspace of this name.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `weak_password`: The password is too easily guessed, or too long.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_many_tries`: Too many tries; `Retry-After` says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description A session: an access token for `expiresIn` seconds; the refresh token is in a cookie. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `wrong_login`: The address or the password is wrong. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_many_tries`: Too many tries; `Retry-After` says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    refreshSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: {
                /** @description The refresh token, which `login`, `register` and `refreshSession` set. */
                stepweave_refresh?: string | null;
            };
        };
        requestBody?: never;
        responses: {
            /** @description A session: an access token for `expiresIn` seconds; the refresh token is in a cookie. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `session_expired`: The session has ended; log in again.
             *     `session_reused`: The refresh token was used before: the session has been ended everywhere.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: {
                /** @description The refresh token, which `login`, `register` and `refreshSession` set. */
                stepweave_refresh?: string | null;
            };
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordRequest"];
            };
        };
        responses: {
            /** @description A session: an access token for `expiresIn` seconds; the refresh token is in a cookie. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `session_expired`: The session has ended; log in again.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `weak_password`: The password is too easily guessed, or too long.
             *     `wrong_password`: This is not the caller's password.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_many_tries`: Too many tries; `Retry-After` says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is logged in, where, and as what. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `session_expired`: The session has ended; log in again.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    renameMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NameRequest"];
            };
        };
        responses: {
            /** @description Who is logged in, where, and as what. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `session_expired`: The session has ended; log in again.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    renameTenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NameRequest"];
            };
        };
        responses: {
            /** @description Who is logged in, where, and as what. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `session_expired`: The session has ended; log in again.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listMembers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everybody in the workspace, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MembersResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    endSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getHome: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A workspace at a glance. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HomeResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    changeWorkflows: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequest"];
            };
        };
        responses: {
            /** @description What became of each, in the order given. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listFolders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All folders, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoldersResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    createFolder: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FolderRequest"];
            };
        };
        responses: {
            /** @description A folder, and how many workflows are in it, without those below. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FolderResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `name_taken`: There is one of this name already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `too_deep`: It is nested more deeply than can be shown.
             *     `too_many`: There are as many as there may be.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    changeFolder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The folder. */
                folder_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FolderRequest"];
            };
        };
        responses: {
            /** @description All folders, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoldersResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `folder_in_itself`: A folder cannot be below itself.
             *     `name_taken`: There is one of this name already.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `too_deep`: It is nested more deeply than can be shown.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deleteFolder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The folder. */
                folder_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `name_taken`: There is one of this name already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listTags: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All tags, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagsResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    createTag: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TagRequest"];
            };
        };
        responses: {
            /** @description A tag, and how many workflows have it. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `name_taken`: There is one of this name already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `too_many`: There are as many as there may be.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    changeTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tag. */
                tag_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TagRequest"];
            };
        };
        responses: {
            /** @description All tags, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagsResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `name_taken`: There is one of this name already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deleteTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tag. */
                tag_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listWorkflows: {
        parameters: {
            query?: {
                /** @description Text in a name, a tag or a node type's name. */
                search?: string;
                /** @description Only those in this state. */
                status?: ("published" | "draft" | "disabled") | null;
                /** @description Only what is in this folder or below. */
                folderId?: string | null;
                /** @description Only those with all of these tags. */
                tagId?: string[] | null;
                /** @description Only those with such a node. */
                nodeType?: string | null;
                /** @description By what they are sorted: `name` rises, the others fall. */
                sort?: "updated" | "created" | "name";
                /** @description `nextCursor` of the page before; without it the first page. */
                cursor?: string | null;
                /** @description How many rows a page has at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_WorkflowSummary_"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    createWorkflow: {
        parameters: {
            query?: {
                /** @description The folder to put it in. */
                folderId?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description A workflow with its draft. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_document`: It is no workflow document; `errors` says where.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             *     `newer_schema`: The document is of a newer Stepweave.
             *     `pinned_too_large`: A node has more pinned data than is stored.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    duplicateWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A workflow with its draft. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_document`: It is no workflow document; `errors` says where.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             *     `newer_schema`: The document is of a newer Stepweave.
             *     `pinned_too_large`: A node has more pinned data than is stored.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    validateWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description What a check found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiagnosticsResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A workflow with its draft. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    saveWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveRequest"];
            };
        };
        responses: {
            /** @description A workflow with its draft. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `stale_revision`: Somebody saved in between; `revision` and `document` are theirs. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_document`: It is no workflow document; `errors` says where.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             *     `newer_schema`: The document is of a newer Stepweave.
             *     `pinned_too_large`: A node has more pinned data than is stored.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deleteWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `publishing`: Somebody else is publishing this workflow right now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    runWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RunRequest"] | null;
            };
        };
        responses: {
            /** @description A started execution. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `data_gone`: Data that the run would take is stored no longer.
             *     `not_published`: The workflow is a draft only.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `ambiguous_part`: More than one part of the workflow was asked for.
             *     `cannot_start_here`: The node is a trigger, disabled, or in the rounds of a loop.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             *     `no_data`: There is no data to start with.
             *     `no_trigger`: There is no such trigger that is not disabled.
             *     `unknown_execution`: There is no such execution of this workflow.
             *     `unknown_node`: There is no such node in what is to run.
             *     `workflow_invalid`: The workflow has errors; `diagnostics` says where, and what to change.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `aws_refused`: AWS refused what was asked of it; `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `aws_unavailable`: AWS does not answer; try again in a moment.
             *     `database_unavailable`: The database does not answer; try again.
             *     `not_started`: The execution could not be started; it is marked failed.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    publishWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PublishRequest"] | null;
            };
        };
        responses: {
            /** @description A published version, and the name of who made it where they are still a member. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `draft_moved`: The draft was saved while it was being published.
             *     `publishing`: Somebody else is publishing this workflow right now.
             *     `webhook_taken`: Another webhook has the same method and path.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `trigger_refused`: A provider would not register a trigger; `diagnostics` says which, and why.
             *     `workflow_invalid`: The workflow has errors; `diagnostics` says where, and what to change.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `aws_refused`: AWS refused what was asked of it; `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `aws_unavailable`: AWS does not answer; try again in a moment.
             *     `database_unavailable`: The database does not answer; try again.
             *     `trigger_unavailable`: A trigger's provider does not answer; nothing was published.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    unpublishWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `publishing`: Somebody else is publishing this workflow right now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listVersions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All versions, the latest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionsResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
                /** @description The version's number. */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A published version with its document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionDocumentResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    publishVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
                /** @description The version's number. */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A published version, and the name of who made it where they are still a member. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `publishing`: Somebody else is publishing this workflow right now.
             *     `webhook_taken`: Another webhook has the same method and path.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `trigger_refused`: A provider would not register a trigger; `diagnostics` says which, and why.
             *     `workflow_invalid`: The workflow has errors; `diagnostics` says where, and what to change.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `aws_refused`: AWS refused what was asked of it; `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `aws_unavailable`: AWS does not answer; try again in a moment.
             *     `database_unavailable`: The database does not answer; try again.
             *     `trigger_unavailable`: A trigger's provider does not answer; nothing was published.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listTriggers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The triggers of the published version; none for a draft. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriggersResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    switchTrigger: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
                /** @description The trigger node. */
                node_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TriggerChange"];
            };
        };
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_published`: The workflow is a draft only.
             *     `publishing`: Somebody else is publishing this workflow right now.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `unknown_node`: There is no such node in what is to run.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `aws_refused`: AWS refused what was asked of it; `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `aws_unavailable`: AWS does not answer; try again in a moment.
             *     `database_unavailable`: The database does not answer; try again.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    dismissRegistration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
                /** @description The registration of a trigger. */
                registration_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `still_registered`: The trigger is live; unpublishing takes its registration away. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    testTriggers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What test calls of the published version's triggers found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriggerChecksResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_many_tries`: Too many tries; `Retry-After` says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listenOnce: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
                /** @description The trigger node. */
                node_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What came of listening. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListenResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `cannot_listen`: The node is no trigger that hears of events, or it is disabled.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             *     `trigger_refused`: A provider would not register a trigger; `diagnostics` says which, and why.
             *     `unknown_node`: There is no such node in what is to run.
             *     `workflow_invalid`: The workflow has errors; `diagnostics` says where, and what to change.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `database_unavailable`: The database does not answer; try again.
             *     `trigger_unavailable`: A trigger's provider does not answer; nothing was published.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getListening: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
                /** @description What `listenOnce` began. */
                listen_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What came of listening. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListenResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `items_gone`: The items are no longer stored, or were changed since. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    stopListening: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workflow. */
                workflow_id: string;
                /** @description What `listenOnce` began. */
                listen_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All schedules, and all triggers that poll. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulesResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listFires: {
        parameters: {
            query: {
                /** @description The range's first moment. */
                from: string;
                /** @description The moment behind the range, 62 days later at most. */
                to: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description When schedules fire within a range. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FiresResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    previewFires: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FiresRequest"];
            };
        };
        responses: {
            /** @description When the line would fire next; `error` says why it cannot be read. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NextFiresResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    changeSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The schedule. */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleChange"];
            };
        };
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `publishing`: Somebody else is publishing this workflow right now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `aws_refused`: AWS refused what was asked of it; `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `aws_unavailable`: AWS does not answer; try again in a moment.
             *     `database_unavailable`: The database does not answer; try again.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    previewExpression: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewRequest"];
            };
        };
        responses: {
            /** @description What it gives: `value` (null where `error` is there), for item `index` of `count`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `items_gone`: The items are no longer stored, or were changed since. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `too_deep`: It is nested more deeply than can be shown.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_many_tries`: Too many tries; `Retry-After` says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listNodeOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The node type, by its name in the catalogue. */
                type: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OptionsRequest"];
            };
        };
        responses: {
            /** @description A page of choices. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OptionsResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `options_failed`: The choices could not be loaded; `detail` says why, for the field.
             *     `options_need`: A field that the choices depend on has no value yet; `errors` names it.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_many_tries`: Too many tries; `Retry-After` says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `aws_unavailable`: AWS does not answer; try again in a moment.
             *     `database_unavailable`: The database does not answer; try again.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listExecutions: {
        parameters: {
            query?: {
                /** @description Only those of this workflow. */
                workflowId?: string | null;
                /** @description Only those in one of these states. */
                status?: components["schemas"]["ExecutionStatus"][] | null;
                /** @description Only those that this started. */
                trigger?: string | null;
                /** @description Started at or after. */
                from?: string | null;
                /** @description Started before. */
                to?: string | null;
                /** @description Text in the error. */
                error?: string | null;
                /** @description `nextCursor` of the page before; without it the first page. */
                cursor?: string | null;
                /** @description How many rows a page has at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ExecutionSummary_"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    changeExecutions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExecutionsBulkRequest"];
            };
        };
        responses: {
            /** @description What became of each, in the order given. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionsBulkResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The execution. */
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An execution with each node's latest run and the document that ran. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listNodeRuns: {
        parameters: {
            query: {
                /** @description The node. */
                nodeId: string;
                /** @description The last one has. */
                after?: string | null;
                /** @description How many rows a page has at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The execution. */
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A node's runs in the order of their iterations. `next` is what `after` takes while more follow. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeRunsResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description The last sequence number one has. */
                after?: number;
                /** @description How many rows a page has at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The execution. */
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events in order, each with its `seq`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listLogs: {
        parameters: {
            query?: {
                /** @description Of this node only. */
                nodeId?: string | null;
                /** @description Only lines of this level. */
                level?: ("debug" | "info" | "warning" | "error") | null;
                /** @description The last sequence number one has. */
                after?: number;
                /** @description How many rows a page has at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The execution. */
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events in order, each with its `seq`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listItems: {
        parameters: {
            query: {
                /** @description The node. */
                nodeId: string;
                /** @description What went in, or what came out. */
                direction?: "in" | "out";
                /** @description The node's port. */
                port?: string;
                /** @description The round of the node's loops; empty outside of them. */
                iteration?: string;
                /** @description How many items to leave out. */
                offset?: number;
                /** @description How many rows a page has at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The execution. */
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of items; `total` counts all of the port. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemsResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `items_gone`: The items are no longer stored, or were changed since. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             *     `too_deep`: It is nested more deeply than can be shown.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    cancelExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The execution. */
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A started execution. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `already_ended`: The execution has ended already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `database_unavailable`: The database does not answer; try again.
             *     `not_cancelled`: Step Functions did not stop the execution; try again.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                /** @description Only those in this state. */
                state?: ("open" | "approved" | "rejected" | "expired" | "cancelled") | null;
                /** @description Only those of this execution. */
                executionId?: string | null;
                /** @description `nextCursor` of the page before; without it the first page. */
                cursor?: string | null;
                /** @description How many rows a page has at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ApprovalSummary_"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The approval. */
                approval_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An approval with what was asked and what was said. `approvers` is empty where every editor may decide. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    decideApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The approval. */
                approval_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionRequest"];
            };
        };
        responses: {
            /** @description An approval with what was asked and what was said. `approvers` is empty where every editor may decide. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_an_approver`: The approval is for others. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `already_decided`: It has been decided already.
             *     `already_voted`: The caller has decided already; others have yet to.
             *     `approval_cancelled`: The execution has ended.
             *     `approval_expired`: The time to decide was over.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `items_gone`: The items are no longer stored, or were changed since. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_form`: Answers are missing or not valid; `errors` names the fields.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `database_unavailable`: The database does not answer; try again.
             *     `not_resumed`: The workflow could not be told; nothing was decided.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    handOverApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The approval. */
                approval_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandOverRequest"];
            };
        };
        responses: {
            /** @description An approval with what was asked and what was said. `approvers` is empty where every editor may decide. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_an_approver`: The approval is for others. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `already_decided`: It has been decided already.
             *     `already_voted`: The caller has decided already; others have yet to.
             *     `approval_cancelled`: The execution has ended.
             *     `approval_expired`: The time to decide was over.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `no_such_member`: No member of the workspace has that address.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listStores: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All stores. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoresResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    emptyStore: {
        parameters: {
            query: {
                /** @description The store, by its name. */
                store: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listEntries: {
        parameters: {
            query: {
                /** @description The store, by its name. */
                store: string;
                /** @description What keys begin with; empty for all. */
                prefix?: string;
                /** @description `nextAfter` of the page before; empty for the first page. */
                after?: string;
                /** @description How many keys a page has at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys, in the order of code points. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntriesResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    setEntry: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EntryRequest"];
            };
        };
        responses: {
            /** @description A key and its value. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `too_many`: There are as many as there may be.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deleteEntry: {
        parameters: {
            query: {
                /** @description The store, by its name. */
                store: string;
                /** @description The key. */
                key: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listTables: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All tables. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TablesResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    createTable: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TableRequest"];
            };
        };
        responses: {
            /** @description A table. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `name_taken`: There is one of this name already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `too_many`: There are as many as there may be.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getTable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The table. */
                table_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A table. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    renameTable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The table. */
                table_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TableNameRequest"];
            };
        };
        responses: {
            /** @description A table. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `name_taken`: There is one of this name already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deleteTable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The table. */
                table_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    addColumn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The table. */
                table_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ColumnRequest"];
            };
        };
        responses: {
            /** @description A table. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `too_many`: There are as many as there may be.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    renameColumn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The table. */
                table_id: string;
                /** @description The column, by its id. */
                column_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ColumnNameRequest"];
            };
        };
        responses: {
            /** @description A table. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    removeColumn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The table. */
                table_id: string;
                /** @description The column, by its id. */
                column_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A table. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    queryRows: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The table. */
                table_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RowsRequest"];
            };
        };
        responses: {
            /** @description A page of rows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowsResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    insertRows: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The table. */
                table_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InsertRequest"];
            };
        };
        responses: {
            /** @description Rows that were inserted. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InsertedResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             *     `too_many`: There are as many as there may be.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    exportRows: {
        parameters: {
            query?: {
                /** @description `nextAfter` of the page before; 0 for the first page. */
                after?: number;
                /** @description How many rows a page has at most. */
                limit?: number;
                /** @description Whether texts that a spreadsheet would run get an apostrophe before them. */
                escape?: boolean;
                /** @description Whether the first page begins with a byte order mark. */
                bom?: boolean;
            };
            header?: never;
            path: {
                /** @description The table. */
                table_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a table as CSV: the pages, one behind the other, are the table. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CsvResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    importRows: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The table. */
                table_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CsvRequest"];
            };
        };
        responses: {
            /** @description What an import did, or would do. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `too_many`: There are as many as there may be.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    changeRow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The table. */
                table_id: string;
                /** @description The row, by its number. */
                row_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RowRequest"];
            };
        };
        responses: {
            /** @description A row. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deleteRows: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The table. */
                table_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteRowsRequest"];
            };
        };
        responses: {
            /** @description What was deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getSharedFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The link's secret part. */
                token: string;
                /** @description The file's name, for people; any will do. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_many_tries`: Too many tries; `Retry-After` says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listTalks: {
        parameters: {
            query?: {
                /** @description Part of a session key, or of the name of a workflow or a shared memory; empty for all. */
                search?: string;
                /** @description Talks of this workflow only. */
                workflowId?: string | null;
                /** @description `nextCursor` of the page before; without it the first page. */
                cursor?: string | null;
                /** @description How many rows a page has at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_TalkSummary_"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getTalk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The talk. */
                talk_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A talk, without its messages. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deleteTalk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The talk. */
                talk_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listTalkMessages: {
        parameters: {
            query?: {
                /** @description `nextBefore` of the page before; without it the newest messages. */
                before?: number | null;
                /** @description How many rows a page has at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The talk. */
                talk_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a talk's messages, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TalkMessages"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `answer_too_large`: The answer would be too large; ask for fewer.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deleteTalks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteTalksRequest"];
            };
        };
        responses: {
            /** @description What was deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getSpending: {
        parameters: {
            query?: {
                /** @description The month, in UTC; without it the one that runs now. */
                month?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was spent on language models in a month. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpendingResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    setBudget: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BudgetRequest"];
            };
        };
        responses: {
            /** @description What was spent on language models in a month. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpendingResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listCredentials: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All credentials. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialsResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    createCredential: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialRequest"];
            };
        };
        responses: {
            /** @description A credential; `hint` tells it from others. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `name_taken`: There is one of this name already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `aws_refused`: AWS refused what was asked of it; `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `aws_unavailable`: AWS does not answer; try again in a moment.
             *     `database_unavailable`: The database does not answer; try again.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The credential. */
                credential_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A credential with its data but for the secrets, of which it tells the names of those that are set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialDetailResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `aws_refused`: AWS refused what was asked of it; `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `aws_unavailable`: AWS does not answer; try again in a moment.
             *     `database_unavailable`: The database does not answer; try again.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    updateCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The credential. */
                credential_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialChange"];
            };
        };
        responses: {
            /** @description A credential; `hint` tells it from others. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `credential_changed`: Others are changing it at the same time.
             *     `name_taken`: There is one of this name already.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `secrets_needed`: The secrets would go to another server; `errors` names those to enter again.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `aws_refused`: AWS refused what was asked of it; `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `aws_unavailable`: AWS does not answer; try again in a moment.
             *     `database_unavailable`: The database does not answer; try again.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deleteCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The credential. */
                credential_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listApis: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The APIs of a workspace. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApisResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    addApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiRequest"];
            };
        };
        responses: {
            /** @description An API of the workspace, with all that is known of it. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `name_taken`: There is one of this name already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `api_invalid`: It is no OpenAPI document, or one that cannot be used.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             *     `too_many`: There are as many as there may be.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getApi: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The API. */
                api_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An API of the workspace, with all that is known of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    changeApi: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The API. */
                api_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiChangeRequest"];
            };
        };
        responses: {
            /** @description An API of the workspace, with all that is known of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `name_taken`: There is one of this name already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `api_invalid`: It is no OpenAPI document, or one that cannot be used.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deleteApi: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The API. */
                api_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getApiDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The API. */
                api_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document of an API. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiTextResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listModelPrices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All prices, those of the workspace first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PricesResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    setModelPrice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PriceRequest"];
            };
        };
        responses: {
            /** @description A model's price: that of the list, and the workspace's own, which counts where it is there. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `too_many`: There are as many as there may be.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    deleteModelPrice: {
        parameters: {
            query: {
                /** @description The provider. */
                provider: "openai" | "anthropic" | "bedrock";
                /** @description The model. */
                model: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    connectCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The credential. */
                credential_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where a person agrees that a credential is connected. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `cannot_connect`: What the credential holds leads to no provider.
             *     `invalid_request`: Some fields are not valid; `errors` names them.
             *     `not_connectable`: Nobody connects a credential of this type.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_many_tries`: Too many tries; `Retry-After` says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `aws_refused`: AWS refused what was asked of it; `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `aws_unavailable`: AWS does not answer; try again in a moment.
             *     `database_unavailable`: The database does not answer; try again.
             *     `redis_unavailable`: Redis does not answer; try again.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    testCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The credential. */
                credential_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether a credential works. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialTestResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_allowed`: The caller's role may not do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `invalid_request`: Some fields are not valid; `errors` names them.
             *     `not_testable`: There is no request that would tell whether it works.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_many_tries`: Too many tries; `Retry-After` says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    enterChat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChatEntryRequest"];
            };
        };
        responses: {
            /** @description Where the member goes on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatEntryResponse"];
                };
            };
            /**
             * @description `bad_request`: A header is not what HTTP says it is.
             *     `invalid_json`: The body is no JSON, or JSON that cannot be stored.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `not_found`: It is not there, or another tenant's: the two look the same. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `too_large`: The request is larger than what is taken. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `invalid_request`: Some fields are not valid; `errors` names them. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `database_unavailable`: The database does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    listNodeTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The catalogue (docs/reference/catalog.json): node types and credential types. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeTypesResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    createLiveTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A ticket for one WebSocket connection to `url`, good once and for `expiresIn` seconds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /**
             * @description `not_logged_in`: There is no access token.
             *     `token_expired`: The access token has expired; refresh the session.
             *     `token_invalid`: The access token is not one of ours; log in.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `redis_unavailable`: Redis does not answer; try again. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The API answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
        };
    };
    getReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each dependency: `ok`, or what is wrong with it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyResponse"];
                };
            };
            /** @description `bad_request`: A header is not what HTTP says it is. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description `internal_error`: Nobody foresaw it; report the `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problems"];
                };
            };
            /** @description Each dependency: `ok`, or what is wrong with it. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyResponse"];
                };
            };
        };
    };
}
