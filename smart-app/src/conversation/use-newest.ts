/** Keeps the newest message in sight while the reader is there, and never moves what they are reading elsewhere. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

const nearEnd = 80

export function useNewest(
  scroller: RefObject<HTMLElement | null>,
  newest: string | undefined,
  oldest: string | undefined,
) {
  const [away, setAway] = useState(false)
  const [unseen, setUnseen] = useState(false)
  const atEnd = useRef(true)
  const height = useRef(0)
  const toEnd = useCallback(() => {
    const element = scroller.current
    if (element) element.scrollTop = element.scrollHeight
    setUnseen(false)
  }, [scroller])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new last item is what moves the view.
  useLayoutEffect(() => {
    if (atEnd.current) toEnd()
    else setUnseen(true)
  }, [newest])
  // biome-ignore lint/correctness/useExhaustiveDependencies: older items came in above.
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    if (!atEnd.current && height.current > 0) element.scrollTop += element.scrollHeight - height.current
    height.current = element.scrollHeight
  }, [oldest])
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const look = () => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd
      height.current = element.scrollHeight
      setAway(!atEnd.current)
      if (atEnd.current) setUnseen(false)
    }
    // A keyboard that opens, or a reason that unfolds, changes the height: the end stays in sight.
    const sizes = new ResizeObserver(() => atEnd.current && toEnd())
    element.addEventListener('scroll', look, { passive: true })
    sizes.observe(element)
    if (element.firstElementChild) sizes.observe(element.firstElementChild)
    return () => {
      element.removeEventListener('scroll', look)
      sizes.disconnect()
    }
  }, [scroller, toEnd])
  return { away, unseen, toEnd }
}
