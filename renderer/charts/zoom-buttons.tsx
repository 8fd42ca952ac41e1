import { ActionIcon, Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import styles from './charts.module.css'
import { moved, type Span, type Stretch, WHOLE, zoomed } from './zoom'

interface ZoomButtonsProps {
  stretch: Stretch
  whole: Span
  onZoom: (stretch: Stretch) => void
}

/** What a drag or a pinch does, for the keyboard. */
export function ZoomButtons({ stretch, whole, onZoom }: ZoomButtonsProps) {
  const isWhole = stretch.from === undefined && stretch.to === undefined
  const steps = [
    { name: 'Earlier', Icon: IconChevronLeft, next: () => moved(stretch, whole, -0.5), isOff: isWhole },
    { name: 'Later', Icon: IconChevronRight, next: () => moved(stretch, whole, 0.5), isOff: isWhole },
    { name: 'Zoom out', Icon: IconZoomOut, next: () => zoomed(stretch, whole, 2), isOff: isWhole },
    { name: 'Zoom in', Icon: IconZoomIn, next: () => zoomed(stretch, whole, 0.5), isOff: false },
  ]
  return (
    <div className={styles.zoom}>
      {steps.map(({ name, Icon, next, isOff }) => (
        <ActionIcon
          key={name}
          variant="default"
          size="1.75rem"
          aria-label={name}
          disabled={isOff}
          onClick={() => onZoom(next())}
        >
          <Icon size="1rem" stroke={1.75} aria-hidden />
        </ActionIcon>
      ))}
      <Button variant="default" size="compact-sm" disabled={isWhole} onClick={() => onZoom(WHOLE)}>
        Whole run
      </Button>
    </div>
  )
}
