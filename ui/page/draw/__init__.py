"""What the page shows, as HTML in which every foreign character is escaped; nothing else here.

The links within the page, which static/*.js send to `ui.page.calls`:

    #c-TURN-N          citation N of a turn          #p-ARTICLE-FROM-TO  words of an article
    #h-TURN-RANK       a hit of a turn               #e-TURN             a turn's evidence
    #x-TURN-FORMAT     a download, or "copy"         #v-TURN-up, -down   a vote
"""
