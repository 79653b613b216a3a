/// What every page has around it.
struct PageFrame {
    /// Plain text.
    let title: String
    /// HTML.
    let body: String
    /// HTML, at the end of the page.
    var foot = ""

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(HTML.escaped(title)) · Restorable</title>
        <link rel="icon" href="data:,">
        <style>\(PageStyle.sheet)</style>
        </head>
        <body>
        <header><a href="/">Restorable</a></header>
        <main>
        \(body)
        </main>
        <footer>\(foot)</footer>
        </body>
        </html>

        """
    }
}
