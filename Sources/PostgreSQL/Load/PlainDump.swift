package import Integrity

/// A plain dump that the integrity pass found whole.
package struct PlainDump: Sendable {
    package let content: any Content
    package let contents: DumpContents
    package let plan: LoadPlan

    package init(content: any Content, contents: DumpContents, plan: LoadPlan) {
        self.content = content
        self.contents = contents
        self.plan = plan
    }
}
