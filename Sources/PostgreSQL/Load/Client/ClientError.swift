/// One error that a client program wrote to its standard error.
struct ClientError: Equatable {
    /// As the server sent it, as far as the program passes it on; `sqlstate` is empty where the program does not say it.
    var error: PostgreSQLError
    /// The start of the statement, where the program repeats it.
    var command: String?
    /// The table of a failed COPY, without its schema.
    var copyTable: String?
    /// Line of the input at which the statement ends.
    var line: UInt64?
}
